import type { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag, contextTag, tagName } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { BindRequestOp, BindResponseOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';
import { readResultFields, writeResultFields } from './result-fields.ts';

const SIMPLE = contextTag(0);
const SASL = contextConstructedTag(3);
const SERVER_SASL_CREDENTIALS = contextTag(7);

/** BindRequest (RFC 4511 §4.2). */
export function writeBindRequest(writer: BerWriter, op: BindRequestOp): void {
  writer.begin(OPERATION_TAG.bindRequest);
  writer.integer(op.version);
  writer.octets(op.dn);
  if (op.authentication.kind === 'simple') {
    writer.octets(op.authentication.password, SIMPLE);
  } else {
    writer.begin(SASL);
    writer.octets(op.authentication.mechanism);
    if (op.authentication.credentials !== undefined) writer.octets(op.authentication.credentials);
    writer.end();
  }
  writer.end();
}

export function readBindRequest(reader: BerReader): BindRequestOp<Buffer> {
  reader.enter(OPERATION_TAG.bindRequest);
  const version = reader.readInteger();
  const dn = reader.readString();
  const authentication = readAuthentication(reader);
  reader.leave();
  return { kind: 'bindRequest', version, dn, authentication };
}

function readAuthentication(reader: BerReader): BindRequestOp<Buffer>['authentication'] {
  const tag = reader.peekTag();
  if (tag === SIMPLE) return { kind: 'simple', password: reader.readOctets(SIMPLE) };
  if (tag !== SASL) {
    const found = tag === undefined ? 'nothing' : tagName(tag);
    throw reader.invalid(`simple or SASL credentials expected, found ${found}`);
  }
  reader.enter(SASL);
  const mechanism = reader.readString();
  const credentials = reader.hasMore ? reader.readOctets() : undefined;
  reader.leave();
  return { kind: 'sasl', mechanism, ...(credentials === undefined ? {} : { credentials }) };
}

/** BindResponse (RFC 4511 §4.2.2). */
export function writeBindResponse(writer: BerWriter, op: BindResponseOp): void {
  writer.begin(OPERATION_TAG.bindResponse);
  writeResultFields(writer, op);
  if (op.serverSaslCredentials !== undefined)
    writer.octets(op.serverSaslCredentials, SERVER_SASL_CREDENTIALS);
  writer.end();
}

export function readBindResponse(reader: BerReader): BindResponseOp<Buffer> {
  reader.enter(OPERATION_TAG.bindResponse);
  const fields = readResultFields(reader);
  const credentials =
    reader.peekTag() === SERVER_SASL_CREDENTIALS ? reader.readOctets(SERVER_SASL_CREDENTIALS) : undefined;
  reader.leave();
  return {
    kind: 'bindResponse',
    ...fields,
    ...(credentials === undefined ? {} : { serverSaslCredentials: credentials }),
  };
}
