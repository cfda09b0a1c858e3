import type { BerReader } from '../ber/ber-reader.ts';
import { contextTag } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { ExtendedRequestOp, ExtendedResponseOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';
import { readResultFields, writeResultFields } from './result-fields.ts';

const REQUEST_NAME = contextTag(0);
const REQUEST_VALUE = contextTag(1);
const RESPONSE_NAME = contextTag(10);
const RESPONSE_VALUE = contextTag(11);

/** ExtendedRequest (RFC 4511 §4.12). */
export function writeExtendedRequest(writer: BerWriter, op: ExtendedRequestOp): void {
  writer.begin(OPERATION_TAG.extendedRequest);
  writer.octets(op.oid, REQUEST_NAME);
  if (op.value !== undefined) writer.octets(op.value, REQUEST_VALUE);
  writer.end();
}

export function readExtendedRequest(reader: BerReader): ExtendedRequestOp<Buffer> {
  reader.enter(OPERATION_TAG.extendedRequest);
  const oid = reader.readString(REQUEST_NAME);
  const value = reader.peekTag() === REQUEST_VALUE ? reader.readOctets(REQUEST_VALUE) : undefined;
  reader.leave();
  return { kind: 'extendedRequest', oid, ...(value === undefined ? {} : { value }) };
}

/** ExtendedResponse (RFC 4511 §4.12); without a name it answers the request with the same message id. */
export function writeExtendedResponse(writer: BerWriter, op: ExtendedResponseOp): void {
  writer.begin(OPERATION_TAG.extendedResponse);
  writeResultFields(writer, op);
  if (op.oid !== undefined) writer.octets(op.oid, RESPONSE_NAME);
  if (op.value !== undefined) writer.octets(op.value, RESPONSE_VALUE);
  writer.end();
}

export function readExtendedResponse(reader: BerReader): ExtendedResponseOp<Buffer> {
  reader.enter(OPERATION_TAG.extendedResponse);
  const fields = readResultFields(reader);
  const oid = reader.peekTag() === RESPONSE_NAME ? reader.readString(RESPONSE_NAME) : undefined;
  const value = reader.peekTag() === RESPONSE_VALUE ? reader.readOctets(RESPONSE_VALUE) : undefined;
  reader.leave();
  return {
    kind: 'extendedResponse',
    ...fields,
    ...(oid === undefined ? {} : { oid }),
    ...(value === undefined ? {} : { value }),
  };
}
