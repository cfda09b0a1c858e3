import { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';

/** Cancel (RFC 3909): the message id of the operation to give up. Unlike abandon, it is answered. */
export function encodeCancel(messageId: number): Buffer {
  const writer = new BerWriter(16);
  writer.begin(TAG.sequence);
  writer.integer(messageId);
  writer.end();
  return writer.finish();
}

export function parseCancel(value: Buffer): number {
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  return reader.readInteger();
}
