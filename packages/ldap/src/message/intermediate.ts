import type { BerReader } from '../ber/ber-reader.ts';
import { contextTag } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { IntermediateResponseOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

const NAME = contextTag(0);
const VALUE = contextTag(1);

/** IntermediateResponse (RFC 4511 §4.13). */
export function writeIntermediateResponse(writer: BerWriter, op: IntermediateResponseOp): void {
  writer.begin(OPERATION_TAG.intermediateResponse);
  if (op.oid !== undefined) writer.octets(op.oid, NAME);
  if (op.value !== undefined) writer.octets(op.value, VALUE);
  writer.end();
}

export function readIntermediateResponse(reader: BerReader): IntermediateResponseOp<Buffer> {
  reader.enter(OPERATION_TAG.intermediateResponse);
  const oid = reader.peekTag() === NAME ? reader.readString(NAME) : undefined;
  const value = reader.peekTag() === VALUE ? reader.readOctets(VALUE) : undefined;
  reader.leave();
  return {
    kind: 'intermediateResponse',
    ...(oid === undefined ? {} : { oid }),
    ...(value === undefined ? {} : { value }),
  };
}
