import type { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import { readAttribute, writeAttribute } from './attribute-codec.ts';
import type { Modification, ModificationKind, ModifyRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

const OPERATIONS: readonly ModificationKind[] = ['add', 'delete', 'replace', 'increment'];

/** ModifyRequest (RFC 4511 §4.6; increment: RFC 4525). */
export function writeModifyRequest(writer: BerWriter, op: ModifyRequestOp): void {
  writer.begin(OPERATION_TAG.modifyRequest);
  writer.octets(op.dn);
  writer.begin(TAG.sequence);
  for (const change of op.changes) {
    writer.begin(TAG.sequence);
    writer.enumerated(OPERATIONS.indexOf(change.operation));
    writeAttribute(writer, change);
    writer.end();
  }
  writer.end();
  writer.end();
}

export function readModifyRequest(reader: BerReader): ModifyRequestOp<Buffer> {
  reader.enter(OPERATION_TAG.modifyRequest);
  const dn = reader.readString();
  const changes: Modification<Buffer>[] = [];
  reader.enter(TAG.sequence);
  while (reader.hasMore) {
    reader.enter(TAG.sequence);
    const number = reader.readEnumerated();
    const operation = OPERATIONS[number];
    if (operation === undefined)
      throw reader.invalid(`a modification of kind 0 to 3 expected, found ${number}`);
    changes.push({ operation, ...readAttribute(reader) });
    reader.leave();
  }
  reader.leave();
  reader.leave();
  return { kind: 'modifyRequest', dn, changes };
}
