import type { AttributeValues, Control, Dn, Modification } from '@sallyport/ldap';
import { utf8, valueKey } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { ModifyDnInput } from '../core/directory-manner.ts';
import { planModify } from '../core/schema-rules.ts';
import {
  addEntry,
  applyModify,
  applyModifyDn,
  freePlace,
  planModifyDn,
  touch,
} from '../core/standard-writes.ts';
import type { OlDatabase } from './ol-database.ts';
import { olRefusals } from './ol-refusals.ts';

/** slapd lets a present value be added again; an absent one it will not remove. */
const excused: ReadonlySet<Modification['operation']> = new Set(['add'] as const);

const memberAttributes = ['member', 'uniqueMember'] as const;

/** Adds an entry (RFC 4511 §4.7): the values of its RDN must be among the attributes. */
export function addOlEntry(
  database: OlDatabase,
  caller: Caller,
  dn: Dn,
  attributes: readonly AttributeValues<Buffer>[],
): DirectoryEntry {
  database.assertMayWrite(caller);
  const { entry, sequence } = addEntry(database, caller, freePlace(database, dn), attributes);
  database.store.commit('add', entry, sequence);
  return entry;
}

/** Changes an entry (RFC 4511 §4.6): the whole request or nothing. */
export function modifyOlEntry(
  database: OlDatabase,
  caller: Caller,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
  controls: readonly Control[],
): void {
  database.assertMayWrite(caller);
  const planned = planModify(database, entry, changes, controls, excused);
  const sequence = applyModify(database, caller, entry, planned);
  database.store.commit('modify', entry, sequence);
}

/** Renames and moves (RFC 4511 §4.9); groups follow, as the referential integrity overlay has it. */
export function modifyOlDn(
  database: OlDatabase,
  caller: Caller,
  entry: DirectoryEntry,
  input: ModifyDnInput,
): void {
  database.assertMayWrite(caller);
  const place = planModifyDn(database, entry, input);
  const oldNames = [...database.store.subtree(entry)].map((item) => ({ item, dn: item.dn }));
  const previousDn = entry.dn;
  const sequence = applyModifyDn(database, caller, entry, place, input.deleteOldRdn);
  database.store.commit('modifyDn', entry, sequence, previousDn);
  for (const { item, dn } of oldNames) replaceMember(database, caller, dn, item.dn);
}

/** Deletes a leaf (RFC 4511 §4.8) and takes it out of the groups it was in. */
export function deleteOlEntry(database: OlDatabase, caller: Caller, entry: DirectoryEntry): void {
  database.assertMayWrite(caller);
  if (entry.children.size > 0) olRefusals.hasChildren();
  if (entry.contextDn !== undefined) olRefusals.noRight();
  const { dn } = entry;
  const sequence = database.store.nextSequence();
  database.logDeletion(entry, sequence);
  database.store.drop(entry);
  database.store.commit('delete', entry, sequence, dn);
  replaceMember(database, caller, dn, undefined);
}

/** A group must have a member: the last one that goes leaves the administrator's name behind (refint_nothing). */
function replaceMember(database: OlDatabase, caller: Caller, oldDn: string, newDn: string | undefined): void {
  const old = valueKey('dn', utf8(oldDn));
  for (const name of memberAttributes) {
    const key = name.toLowerCase();
    for (const group of database.store.find(key, utf8(oldDn))) {
      const kept = group.values(key).filter((value) => valueKey('dn', value) !== old);
      const values = newDn === undefined ? kept : [...kept, utf8(newDn)];
      const sequence = database.store.nextSequence();
      database.store.setValues(group, name, values.length > 0 ? values : [utf8(database.adminDn)], sequence);
      touch(database, database.writerOf(caller), group, sequence);
      database.store.commit('modify', group, sequence);
    }
  }
}
