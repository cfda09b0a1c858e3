import type { BerReader } from '../ber/ber-reader.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { UnbindRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

/** UnbindRequest (RFC 4511 §4.3). */
export function writeUnbindRequest(writer: BerWriter): void {
  writer.null(OPERATION_TAG.unbindRequest);
}

export function readUnbindRequest(reader: BerReader): UnbindRequestOp {
  reader.readNull(OPERATION_TAG.unbindRequest);
  return { kind: 'unbindRequest' };
}
