import type { BerReader } from '../ber/ber-reader.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { DeleteRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

/** DelRequest (RFC 4511 §4.8). */
export function writeDeleteRequest(writer: BerWriter, op: DeleteRequestOp): void {
  writer.octets(op.dn, OPERATION_TAG.deleteRequest);
}

export function readDeleteRequest(reader: BerReader): DeleteRequestOp {
  return { kind: 'deleteRequest', dn: reader.readString(OPERATION_TAG.deleteRequest) };
}
