import type { Modification } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import { newAccountControl } from './ad-accounts.ts';
import { categoryValues } from './ad-add.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals } from './ad-refusals.ts';

/** A tombstone comes back by one modify that removes isDeleted and replaces distinguishedName ([MS-ADTS] 3.1.1.5.3.7). */
export function isReanimation(changes: readonly Modification<Buffer>[]): boolean {
  const isDeletedGoes = changes.some(
    (change) =>
      change.type.toLowerCase() === 'isdeleted' && change.operation !== 'add' && change.values.length === 0,
  );
  return isDeletedGoes && newNameOf(changes) !== undefined;
}

/** Brings a deleted object back under its old GUID. What its tombstone lost stays lost, and a user is disabled. */
export function reanimate(
  domain: AdDomain,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
): void {
  const dn = domain.parseName(newNameOf(changes)?.toString() ?? '');
  const { rdn, parent: parentDn } = dn;
  if (rdn === undefined || parentDn === undefined) throw adRefusals.badName(dn.text);
  const parent = domain.resolve(parentDn);
  if (parent.children.has(rdn.normal)) adRefusals.entryExists();
  const wasStripped = entry.values('isrecycled').length > 0;
  const previousDn = entry.dn;
  const sequence = domain.store.nextSequence();
  const set = (name: string, values: readonly Buffer[]) =>
    domain.store.setValues(entry, name, values, sequence);
  domain.store.place(entry, parent, rdn);
  for (const name of ['isDeleted', 'isRecycled', 'lastKnownParent', 'msDS-LastKnownRDN']) {
    if (entry.values(name.toLowerCase()).length > 0) set(name, []);
  }
  set(domain.rule(rdn.type).name, [utf8(rdn.value)]);
  set('name', [utf8(rdn.value)]);
  const classRule = domain.schema.objectClass(entry.values('objectclass').at(-1)?.toString() ?? '');
  if (wasStripped && classRule?.category !== undefined)
    set('objectCategory', categoryValues(domain, classRule.category));
  if (wasStripped && classRule?.chain.includes('user') === true) {
    set('userAccountControl', [utf8(String(newAccountControl))]);
    set('sAMAccountType', [utf8('805306368')]);
    set('primaryGroupID', [utf8('513')]);
    set('pwdLastSet', [utf8('0')]);
  }
  domain.store.commit('modifyDn', entry, sequence, previousDn);
}

function newNameOf(changes: readonly Modification<Buffer>[]): Buffer | undefined {
  return changes.find((change) => change.type.toLowerCase() === 'distinguishedname')?.values[0];
}
