import type { BerReader } from '../ber/ber-reader.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import { readAttributes, writeAttributes } from './attribute-codec.ts';
import type { AddRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

/** AddRequest (RFC 4511 §4.7). */
export function writeAddRequest(writer: BerWriter, op: AddRequestOp): void {
  writer.begin(OPERATION_TAG.addRequest);
  writer.octets(op.dn);
  writeAttributes(writer, op.attributes);
  writer.end();
}

export function readAddRequest(reader: BerReader): AddRequestOp<Buffer> {
  reader.enter(OPERATION_TAG.addRequest);
  const dn = reader.readString();
  const attributes = readAttributes(reader);
  reader.leave();
  return { kind: 'addRequest', dn, attributes };
}
