import { randomUUID } from 'node:crypto';
import { type AttributeValues, type Control, type Dn, type Modification, parseRdn } from '@sallyport/ldap';
import { sameValues, utf8, valueKey } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { ModifyDnInput } from '../core/directory-manner.ts';
import { assertClasses, assertNamed, planAdd, planModify, withRdnValue } from '../core/schema-rules.ts';
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
  const { rdn, parent: parentDn } = dn;
  if (rdn === undefined || parentDn === undefined) return olRefusals.badName();
  if (database.store.resolve(dn) !== undefined) olRefusals.entryExists();
  const parent = database.resolve(parentDn.text);
  const { values, password } = planAdd(database, attributes, caller.trusted);
  assertNamed(database, rdn, values);
  const structural = assertClasses(database, values);
  const entry = database.store.create(parent, rdn);
  const sequence = database.store.nextSequence();
  const stamp = (name: string, value: Buffer) => {
    const rule = database.rule(name);
    if (!values.has(rule.key)) values.set(rule.key, { rule, values: [value] });
  };
  const now = database.timestamp();
  stamp('structuralObjectClass', utf8(structural.name));
  stamp('entryUUID', utf8(randomUUID()));
  stamp('createTimestamp', now);
  stamp('modifyTimestamp', now);
  stamp('creatorsName', database.writerOf(caller));
  stamp('modifiersName', database.writerOf(caller));
  values.delete('userpassword');
  for (const { rule, values: list } of values.values())
    database.store.setValues(entry, rule.name, list, sequence);
  entry.password = password;
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
  const { touched, password } = planModify(database, entry, changes, controls, excused);
  const changed = [...touched.values()].filter(
    ({ rule, values }) => !sameValues(entry.values(rule.key), values),
  );
  const sequence = database.store.nextSequence();
  for (const { rule, values } of changed) database.store.setValues(entry, rule.name, values, sequence);
  entry.password = password;
  touch(database, caller, entry, sequence);
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
  if (entry.contextDn !== undefined) throw olRefusals.noRight();
  database.parseName(input.newRdn);
  const rdn = parseRdn(input.newRdn);
  const parent = input.newSuperior === undefined ? entry.parent : database.resolve(input.newSuperior);
  if (parent === undefined || parent.isWithin(entry)) throw olRefusals.intoItself();
  const holder = parent.children.get(rdn.normal);
  if (holder !== undefined && holder !== entry) olRefusals.entryExists();
  const oldNames = [...database.store.subtree(entry)].map((item) => ({ item, dn: item.dn }));
  const previousDn = entry.dn;
  const sequence = database.store.nextSequence();
  if (input.deleteOldRdn)
    for (const ava of entry.rdn.avas) changeRdnValue(database, entry, ava.type, ava.value, false, sequence);
  for (const ava of rdn.avas) changeRdnValue(database, entry, ava.type, ava.value, true, sequence);
  database.store.place(entry, parent, rdn);
  touch(database, caller, entry, sequence);
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
      touch(database, caller, group, sequence);
      database.store.commit('modify', group, sequence);
    }
  }
}

function touch(database: OlDatabase, caller: Caller, entry: DirectoryEntry, sequence: number): void {
  database.store.setValues(entry, 'modifyTimestamp', [database.timestamp()], sequence);
  database.store.setValues(entry, 'modifiersName', [database.writerOf(caller)], sequence);
}

function changeRdnValue(
  database: OlDatabase,
  entry: DirectoryEntry,
  type: string,
  value: string,
  isAdded: boolean,
  sequence: number,
): void {
  const rule = database.rule(type);
  const values = withRdnValue(rule, entry.values(rule.key), value, isAdded);
  database.store.setValues(entry, rule.name, values, sequence);
}
