import { randomUUID } from 'node:crypto';
import { type AttributeValues, type Dn, parseRdn, type Rdn } from '@sallyport/ldap';
import { sameValues, utf8 } from './attribute-values.ts';
import type { Caller } from './caller.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import type { ModifyDnInput } from './directory-manner.ts';
import {
  assertClasses,
  assertNamed,
  type PlannedModify,
  planAdd,
  ruleOf,
  withRdnValue,
} from './schema-rules.ts';
import type { StandardDirectory } from './standard-directory.ts';

/*
 * The steps of writing that products share. None commits: what a product logs of its own, or changes beside, comes between.
 */

/** Where an entry is, or is to be. */
export interface Place {
  readonly parent: DirectoryEntry;
  readonly rdn: Rdn;
}

/** The place of a name that is free, below an entry that is there. */
export function freePlace(directory: StandardDirectory, dn: Dn): Place {
  const { rdn, parent } = dn;
  if (rdn === undefined || parent === undefined) return directory.refusals.badName();
  if (directory.store.resolve(dn) !== undefined) directory.refusals.entryExists();
  return { parent: directory.resolve(parent.text), rdn };
}

/** Adds an entry (RFC 4511 §4.7): the values of its RDN must be among the attributes. */
export function addEntry(
  directory: StandardDirectory,
  caller: Caller,
  { parent, rdn }: Place,
  attributes: readonly AttributeValues<Buffer>[],
): { readonly entry: DirectoryEntry; readonly sequence: number } {
  const { values, password } = planAdd(directory, attributes, caller.trusted);
  assertNamed(directory, rdn, values);
  const structural = assertClasses(directory, values);
  values.delete('userpassword');
  const entry = directory.store.create(parent, rdn);
  const sequence = directory.store.nextSequence();
  const stamp = (name: string, value: Buffer) => {
    const rule = ruleOf(directory, name);
    if (!values.has(rule.key)) values.set(rule.key, { rule, values: [value] });
  };
  const now = directory.timestamp();
  if (directory.schema.attribute('structuralObjectClass') !== undefined)
    stamp('structuralObjectClass', utf8(structural.name));
  stamp('entryUUID', utf8(randomUUID()));
  stamp('createTimestamp', now);
  stamp('modifyTimestamp', now);
  stamp('creatorsName', directory.writerOf(caller));
  stamp('modifiersName', directory.writerOf(caller));
  for (const { rule, values: list } of values.values())
    directory.store.setValues(entry, rule.name, list, sequence);
  entry.password = password;
  return { entry, sequence };
}

/** Gives an entry the values of a modify request that was judged (RFC 4511 §4.6). @returns the sequence to commit */
export function applyModify(
  directory: StandardDirectory,
  caller: Caller,
  entry: DirectoryEntry,
  { touched, password }: PlannedModify,
): number {
  const changed = [...touched.values()].filter(
    ({ rule, values }) => !sameValues(entry.values(rule.key), values),
  );
  const sequence = directory.store.nextSequence();
  for (const { rule, values } of changed) directory.store.setValues(entry, rule.name, values, sequence);
  entry.password = password;
  touch(directory, directory.writerOf(caller), entry, sequence);
  return sequence;
}

/** Judges a rename or move (RFC 4511 §4.9). @returns the place to which the entry goes */
export function planModifyDn(
  directory: StandardDirectory,
  entry: DirectoryEntry,
  input: ModifyDnInput,
): Place {
  const { refusals } = directory;
  if (entry.contextDn !== undefined) refusals.noRight();
  directory.parseName(input.newRdn);
  const rdn = parseRdn(input.newRdn);
  const parent = input.newSuperior === undefined ? entry.parent : directory.resolve(input.newSuperior);
  if (parent === undefined || parent.isWithin(entry)) return refusals.intoItself();
  const holder = parent.children.get(rdn.normal);
  if (holder !== undefined && holder !== entry) refusals.entryExists();
  return { parent, rdn };
}

/** Puts an entry where it goes, with everything below it and the values of its new RDN. @returns the sequence to commit */
export function applyModifyDn(
  directory: StandardDirectory,
  caller: Caller,
  entry: DirectoryEntry,
  { parent, rdn }: Place,
  deleteOldRdn: boolean,
): number {
  const sequence = directory.store.nextSequence();
  const change = (type: string, value: string, isAdded: boolean) => {
    const rule = ruleOf(directory, type);
    const values = withRdnValue(rule, entry.values(rule.key), value, isAdded);
    directory.store.setValues(entry, rule.name, values, sequence);
  };
  if (deleteOldRdn) for (const { type, value } of entry.rdn.avas) change(type, value, false);
  for (const { type, value } of rdn.avas) change(type, value, true);
  directory.store.place(entry, parent, rdn);
  touch(directory, directory.writerOf(caller), entry, sequence);
  return sequence;
}

/** Notes who changed an entry, and when. */
export function touch(
  directory: StandardDirectory,
  writer: Buffer,
  entry: DirectoryEntry,
  sequence: number,
): void {
  directory.store.setValues(entry, 'modifyTimestamp', [directory.timestamp()], sequence);
  directory.store.setValues(entry, 'modifiersName', [writer], sequence);
}
