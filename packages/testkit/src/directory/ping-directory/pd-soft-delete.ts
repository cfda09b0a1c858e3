import {
  type AttributeValues,
  CONTROL_OID,
  type Control,
  type Dn,
  findControl,
  makeRdn,
  makeSoftDeleteResponseControl,
  parseSoftDeleteControl,
  readDn,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import { touch } from '../core/standard-writes.ts';
import { addedText, deletedAttributes, keyAttributes, uuidOf } from './pd-log.ts';
import { pdRefusals } from './pd-refusals.ts';
import { type PdServer, softDeleteClass } from './pd-server.ts';
import { deletePdEntry, findPlace, replaceMember } from './pd-write.ts';

const markers = [
  'ds-soft-delete-from-dn',
  'ds-soft-delete-requester-dn',
  'ds-soft-delete-requester-ip-address',
  'ds-soft-delete-timestamp',
] as const;

/** A delete request: soft if it says so or the policy does, and not hard by its own word. */
export function removePdEntry(
  server: PdServer,
  caller: Caller,
  entry: DirectoryEntry,
  controls: readonly Control[],
  answerWith: (control: Control) => void,
): void {
  const soft = findControl(controls, CONTROL_OID.softDelete);
  const isHard = findControl(controls, CONTROL_OID.hardDelete) !== undefined;
  const isSoftDeleted = server.isSoftDeleted(entry);
  if (soft !== undefined && isSoftDeleted) pdRefusals.softDeletedTwice();
  const byPolicy = server.options.softDeletePolicy === true && !isHard && !isSoftDeleted;
  if (soft === undefined && !byPolicy) {
    deletePdEntry(server, caller, entry, controls);
    return;
  }
  const dn = softDelete(server, caller, entry);
  if (soft !== undefined && parseSoftDeleteControl(soft)) answerWith(makeSoftDeleteResponseControl(dn));
}

/** Hides a leaf under another name and takes it out of its groups. @returns the name */
function softDelete(server: PdServer, caller: Caller, entry: DirectoryEntry): string {
  server.assertMayWrite(caller);
  const { parent } = entry;
  if (entry.context !== server.head || parent === undefined) return pdRefusals.noRight();
  if (entry.children.size > 0) pdRefusals.hasChildren();
  const previousDn = entry.dn;
  const kept = deletedAttributes(server, entry);
  const keys = keyAttributes(server, entry);
  const sequence = server.store.nextSequence();
  server.store.place(entry, parent, makeRdn('entryUUID', uuidOf(entry), ...entry.rdn.avas));
  const set = (name: string, values: readonly Buffer[]) =>
    server.store.setValues(entry, name, values, sequence);
  set('objectClass', [...entry.values('objectclass'), utf8(softDeleteClass)]);
  set('ds-soft-delete-from-dn', [utf8(previousDn)]);
  set('ds-soft-delete-requester-dn', [server.writerOf(caller)]);
  set('ds-soft-delete-requester-ip-address', [utf8('127.0.0.1')]);
  set('ds-soft-delete-timestamp', [server.timestamp()]);
  server.changelog.record(
    {
      kind: 'delete',
      targetDn: previousDn,
      entryUuid: uuidOf(entry),
      modifiersName: server.writerOf(caller),
      touched: new Set(kept.map(({ type }) => type.toLowerCase())),
      deletedAttributes: kept,
      keys,
      softDeletedTo: entry.dn,
    },
    sequence,
  );
  server.store.commit('delete', entry, sequence, previousDn);
  replaceMember(server, previousDn, undefined);
  return entry.dn;
}

/** An add request with the undelete control: the entry comes back under the name given, with its entryUUID. */
export function undelete(
  server: PdServer,
  caller: Caller,
  dn: Dn,
  attributes: readonly AttributeValues<Buffer>[],
): DirectoryEntry {
  server.assertMayWrite(caller);
  const from = attributes
    .find(({ type }) => type.toLowerCase() === 'ds-undelete-from-dn')
    ?.values[0]?.toString();
  if (from === undefined) return pdRefusals.badUndelete('ds-undelete-from-dn is missing');
  const source = readDn(from);
  const entry = source === undefined ? undefined : server.store.resolve(source);
  if (entry === undefined || !server.isSoftDeleted(entry))
    return pdRefusals.badUndelete('ds-undelete-from-dn names no soft-deleted entry');
  const { parent, rdn } = findPlace(server, dn);
  const undeletedFrom = entry.dn;
  const sequence = server.store.nextSequence();
  server.store.place(entry, parent, rdn);
  for (const ava of rdn.avas) {
    const rule = server.schema.attribute(ava.type) ?? pdRefusals.unknownAttribute(ava.type);
    if (entry.values(rule.key).length === 0)
      server.store.setValues(entry, rule.name, [utf8(ava.value)], sequence);
  }
  for (const name of markers) server.store.deleteValues(entry, name);
  const classes = entry.values('objectclass').filter((value) => value.toString() !== softDeleteClass);
  server.store.setValues(entry, 'objectClass', classes, sequence);
  touch(server, server.writerOf(caller), entry, sequence);
  server.changelog.record(
    {
      kind: 'add',
      targetDn: entry.dn,
      entryUuid: uuidOf(entry),
      modifiersName: server.writerOf(caller),
      touched: new Set(entry.attributes.keys()),
      changes: addedText(server, entry),
      keys: keyAttributes(server, entry),
      undeletedFrom,
    },
    sequence,
  );
  server.store.commit('add', entry, sequence);
  return entry;
}
