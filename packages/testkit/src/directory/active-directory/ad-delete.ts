import { CONTROL_OID, type Control, makeRdn, printObjectGuid } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AdDomain } from './ad-domain.ts';
import { isProtected } from './ad-modify-dn.ts';
import { adRefusals } from './ad-refusals.ts';

/** Kept on every tombstone beside what the schema marks ([MS-ADTS] 3.1.1.5.5.1.1). */
const alwaysKept: ReadonlySet<string> = new Set([
  'whencreated',
  'lastknownparent',
  'isdeleted',
  'sidhistory',
  'dc',
]);

/**
 * Deletes an entry ([MS-ADTS] 3.1.1.5.5): it moves to `CN=Deleted Objects` of its naming context under a mangled name
 * and loses its links, on both sides, without touching the groups it was in. With the tree-delete control each entry
 * below becomes a tombstone of its own, the lowest first.
 */
export function deleteAdEntry(
  domain: AdDomain,
  caller: Caller,
  entry: DirectoryEntry,
  controls: readonly Control[],
): void {
  domain.assertMayWrite(caller);
  const isTreeDelete = controls.some((control) => control.oid === CONTROL_OID.treeDelete);
  if (entry.children.size > 0 && !isTreeDelete) adRefusals.hasChildren();
  const doomed = [...domain.store.subtree(entry)].reverse();
  if (doomed.some((item) => item.contextDn !== undefined || isProtected(item) || domain.isTombstone(item))) {
    adRefusals.systemObject();
  }
  for (const item of doomed) bury(domain, item);
}

function bury(domain: AdDomain, entry: DirectoryEntry): void {
  const container = domain.deletedObjectsOf(entry);
  const { parent } = entry;
  if (container === undefined || parent === undefined) throw adRefusals.systemObject();
  const { store } = domain;
  const previousDn = entry.dn;
  const sequence = store.nextSequence();
  const [guid = Buffer.alloc(16)] = entry.values('objectguid');
  const set = (name: string, value: string) => store.setValues(entry, name, [utf8(value)], sequence);
  const rdnRule = domain.rule(entry.rdn.type);
  const oldValue = entry.rdn.value;
  if (!domain.options.recycleBin) strip(domain, entry, rdnRule.key);
  store.cutLinks(entry);
  // The name is cut so that the whole stays within the 255 characters of a common name.
  const mangled = `${oldValue.slice(0, 75)}\nDEL:${printObjectGuid(guid)}`;
  set(rdnRule.name, mangled);
  set('name', mangled);
  set('isDeleted', 'TRUE');
  set('lastKnownParent', parent.dn);
  if (domain.options.recycleBin) set('msDS-LastKnownRDN', oldValue);
  else set('isRecycled', 'TRUE');
  entry.password = undefined;
  store.place(entry, container, makeRdn(rdnRule.name.toUpperCase(), mangled));
  store.commit('delete', entry, sequence, previousDn);
}

function strip(domain: AdDomain, entry: DirectoryEntry, rdnKey: string): void {
  for (const key of [...entry.attributes.keys()]) {
    const kept =
      key === rdnKey || alwaysKept.has(key) || domain.schema.attribute(key)?.keptOnTombstone === true;
    if (!kept) domain.store.deleteValues(entry, key);
  }
}
