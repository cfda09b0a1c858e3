import type { BerLimits } from '../ber/ber-limits.ts';
import { DEFAULT_BER_LIMITS } from '../ber/ber-limits.ts';
import { BerReader } from '../ber/ber-reader.ts';
import { TAG, tagName } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import { readAbandonRequest, writeAbandonRequest } from './abandon.ts';
import { readAddRequest, writeAddRequest } from './add.ts';
import { readBindRequest, readBindResponse, writeBindRequest, writeBindResponse } from './bind.ts';
import { readCompareRequest, writeCompareRequest } from './compare.ts';
import { readControls, writeControls } from './control-codec.ts';
import { readDeleteRequest, writeDeleteRequest } from './delete.ts';
import {
  readExtendedRequest,
  readExtendedResponse,
  writeExtendedRequest,
  writeExtendedResponse,
} from './extended.ts';
import { readIntermediateResponse, writeIntermediateResponse } from './intermediate.ts';
import type { LdapMessage, LdapRequest, LdapResponse, PlainResponseOp } from './message.ts';
import { readModifyRequest, writeModifyRequest } from './modify.ts';
import { readModifyDnRequest, writeModifyDnRequest } from './modify-dn.ts';
import { OPERATION_TAG } from './operation-tag.ts';
import { readResultFields, writeResultFields } from './result-fields.ts';
import {
  readSearchEntry,
  readSearchReference,
  readSearchRequest,
  writeSearchEntry,
  writeSearchReference,
  writeSearchRequest,
} from './search.ts';
import { readUnbindRequest, writeUnbindRequest } from './unbind.ts';

/** RFC 4511 §4.1.1.1: maxInt. */
export const MAX_MESSAGE_ID = 2_147_483_647;

/** Encodes one message, ready to be written to a socket. */
export function encodeMessage(message: LdapMessage): Buffer {
  const writer = new BerWriter();
  writeMessage(writer, message);
  return writer.finish();
}

/** Encodes one message after what the writer already holds, e.g. to send many entries in one write. */
export function writeMessage(writer: BerWriter, message: LdapMessage): void {
  writer.begin(TAG.sequence);
  writer.integer(message.messageId);
  writeOperation(writer, message.op);
  writeControls(writer, message.controls);
  writer.end();
}

/**
 * Decodes the one message that `bytes` holds. Values are views into `bytes`.
 * Throws a `BerError` if the bytes are no LDAP message, or more than one.
 */
export function decodeMessage(bytes: Buffer, limits: BerLimits = DEFAULT_BER_LIMITS): LdapMessage<Buffer> {
  const reader = new BerReader(bytes, 0, bytes.length, limits);
  reader.enter(TAG.sequence);
  const messageId = reader.readInteger();
  if (messageId < 0 || messageId > MAX_MESSAGE_ID) {
    throw reader.invalid(`a message id from 0 to ${MAX_MESSAGE_ID} expected, found ${messageId}`);
  }
  const op = readOperation(reader);
  const controls = readControls(reader);
  reader.leave();
  reader.assertEnd();
  return { messageId, op, controls };
}

function writeOperation(writer: BerWriter, op: LdapRequest | LdapResponse): void {
  switch (op.kind) {
    case 'bindRequest':
      writeBindRequest(writer, op);
      break;
    case 'unbindRequest':
      writeUnbindRequest(writer);
      break;
    case 'searchRequest':
      writeSearchRequest(writer, op);
      break;
    case 'modifyRequest':
      writeModifyRequest(writer, op);
      break;
    case 'addRequest':
      writeAddRequest(writer, op);
      break;
    case 'deleteRequest':
      writeDeleteRequest(writer, op);
      break;
    case 'modifyDnRequest':
      writeModifyDnRequest(writer, op);
      break;
    case 'compareRequest':
      writeCompareRequest(writer, op);
      break;
    case 'abandonRequest':
      writeAbandonRequest(writer, op);
      break;
    case 'extendedRequest':
      writeExtendedRequest(writer, op);
      break;
    case 'bindResponse':
      writeBindResponse(writer, op);
      break;
    case 'searchEntry':
      writeSearchEntry(writer, op);
      break;
    case 'searchReference':
      writeSearchReference(writer, op);
      break;
    case 'extendedResponse':
      writeExtendedResponse(writer, op);
      break;
    case 'intermediateResponse':
      writeIntermediateResponse(writer, op);
      break;
    default:
      writer.begin(OPERATION_TAG[op.kind]);
      writeResultFields(writer, op);
      writer.end();
  }
}

function readOperation(reader: BerReader): LdapRequest<Buffer> | LdapResponse<Buffer> {
  const tag = reader.peekTag();
  switch (tag) {
    case OPERATION_TAG.bindRequest:
      return readBindRequest(reader);
    case OPERATION_TAG.unbindRequest:
      return readUnbindRequest(reader);
    case OPERATION_TAG.searchRequest:
      return readSearchRequest(reader);
    case OPERATION_TAG.modifyRequest:
      return readModifyRequest(reader);
    case OPERATION_TAG.addRequest:
      return readAddRequest(reader);
    case OPERATION_TAG.deleteRequest:
      return readDeleteRequest(reader);
    case OPERATION_TAG.modifyDnRequest:
      return readModifyDnRequest(reader);
    case OPERATION_TAG.compareRequest:
      return readCompareRequest(reader);
    case OPERATION_TAG.abandonRequest:
      return readAbandonRequest(reader);
    case OPERATION_TAG.extendedRequest:
      return readExtendedRequest(reader);
    case OPERATION_TAG.bindResponse:
      return readBindResponse(reader);
    case OPERATION_TAG.searchEntry:
      return readSearchEntry(reader);
    case OPERATION_TAG.searchReference:
      return readSearchReference(reader);
    case OPERATION_TAG.extendedResponse:
      return readExtendedResponse(reader);
    case OPERATION_TAG.intermediateResponse:
      return readIntermediateResponse(reader);
    case OPERATION_TAG.searchDone:
      return readPlainResponse(reader, 'searchDone');
    case OPERATION_TAG.modifyResponse:
      return readPlainResponse(reader, 'modifyResponse');
    case OPERATION_TAG.addResponse:
      return readPlainResponse(reader, 'addResponse');
    case OPERATION_TAG.deleteResponse:
      return readPlainResponse(reader, 'deleteResponse');
    case OPERATION_TAG.modifyDnResponse:
      return readPlainResponse(reader, 'modifyDnResponse');
    case OPERATION_TAG.compareResponse:
      return readPlainResponse(reader, 'compareResponse');
    default:
      throw reader.invalid(`no LDAP operation has the tag ${tag === undefined ? '(none)' : tagName(tag)}`);
  }
}

function readPlainResponse(reader: BerReader, kind: PlainResponseOp['kind']): PlainResponseOp {
  reader.enter(OPERATION_TAG[kind]);
  const fields = readResultFields(reader);
  reader.leave();
  return { kind, ...fields };
}
