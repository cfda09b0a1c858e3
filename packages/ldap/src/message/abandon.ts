import type { BerReader } from '../ber/ber-reader.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { AbandonRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

/** AbandonRequest (RFC 4511 §4.11): the id of the operation to give up. */
export function writeAbandonRequest(writer: BerWriter, op: AbandonRequestOp): void {
  writer.integer(op.messageId, OPERATION_TAG.abandonRequest);
}

export function readAbandonRequest(reader: BerReader): AbandonRequestOp {
  return { kind: 'abandonRequest', messageId: reader.readInteger(OPERATION_TAG.abandonRequest) };
}
