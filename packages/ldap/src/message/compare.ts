import type { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { CompareRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

/** CompareRequest (RFC 4511 §4.10). */
export function writeCompareRequest(writer: BerWriter, op: CompareRequestOp): void {
  writer.begin(OPERATION_TAG.compareRequest);
  writer.octets(op.dn);
  writer.begin(TAG.sequence);
  writer.octets(op.attribute);
  writer.octets(op.value);
  writer.end();
  writer.end();
}

export function readCompareRequest(reader: BerReader): CompareRequestOp<Buffer> {
  reader.enter(OPERATION_TAG.compareRequest);
  const dn = reader.readString();
  reader.enter(TAG.sequence);
  const attribute = reader.readString();
  const value = reader.readOctets();
  reader.leave();
  reader.leave();
  return { kind: 'compareRequest', dn, attribute, value };
}
