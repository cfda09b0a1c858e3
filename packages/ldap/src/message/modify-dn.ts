import type { BerReader } from '../ber/ber-reader.ts';
import { contextTag } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { ModifyDnRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

const NEW_SUPERIOR = contextTag(0);

/** ModifyDNRequest (RFC 4511 §4.9). */
export function writeModifyDnRequest(writer: BerWriter, op: ModifyDnRequestOp): void {
  writer.begin(OPERATION_TAG.modifyDnRequest);
  writer.octets(op.dn);
  writer.octets(op.newRdn);
  writer.boolean(op.deleteOldRdn);
  if (op.newSuperior !== undefined) writer.octets(op.newSuperior, NEW_SUPERIOR);
  writer.end();
}

export function readModifyDnRequest(reader: BerReader): ModifyDnRequestOp {
  reader.enter(OPERATION_TAG.modifyDnRequest);
  const dn = reader.readString();
  const newRdn = reader.readString();
  const deleteOldRdn = reader.readBoolean();
  const newSuperior = reader.peekTag() === NEW_SUPERIOR ? reader.readString(NEW_SUPERIOR) : undefined;
  reader.leave();
  return {
    kind: 'modifyDnRequest',
    dn,
    newRdn,
    deleteOldRdn,
    ...(newSuperior === undefined ? {} : { newSuperior }),
  };
}
