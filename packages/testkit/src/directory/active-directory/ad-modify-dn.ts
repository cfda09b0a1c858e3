import { parseRdn } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { ModifyDnInput } from '../core/directory-manner.ts';
import { assertPlace } from './ad-add.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals } from './ad-refusals.ts';

/**
 * Renames and moves ([MS-ADTS] 3.1.1.5.4). The GUID stays, members of groups follow because they are links, and entries
 * below get no new uSNChanged although their names are others now.
 */
export function modifyAdDn(
  domain: AdDomain,
  caller: Caller,
  entry: DirectoryEntry,
  input: ModifyDnInput,
): void {
  domain.assertMayWrite(caller);
  if (entry.contextDn !== undefined || domain.isTombstone(entry) || isProtected(entry))
    adRefusals.systemObject();
  // Naming attributes have one value in Active Directory: the old one cannot stay.
  if (!input.deleteOldRdn) adRefusals.systemObject();
  domain.parseName(input.newRdn);
  const rdn = parseRdn(input.newRdn);
  const parent =
    input.newSuperior === undefined ? entry.parent : domain.resolve(domain.parseName(input.newSuperior));
  if (parent === undefined || parent.isWithin(entry) || domain.isTombstone(parent))
    throw adRefusals.systemObject();
  if (parent.context !== entry.context) adRefusals.systemObject();
  const classRule = domain.schema.objectClass(entry.values('objectclass').at(-1)?.toString() ?? '');
  if (classRule !== undefined) assertPlace(domain, classRule, rdn, parent);
  const holder = parent.children.get(rdn.normal);
  if (holder !== undefined && holder !== entry) adRefusals.entryExists();
  const previousDn = entry.dn;
  const sequence = domain.store.nextSequence();
  if (entry.rdn.value !== rdn.value) {
    domain.store.setValues(entry, domain.rule(rdn.type).name, [utf8(rdn.value)], sequence);
  }
  // `name` is stamped by a move too: this is how replication, and so DirSync, tells of it.
  domain.store.setValues(entry, 'name', [utf8(rdn.value)], sequence);
  domain.store.place(entry, parent, rdn);
  domain.store.commit('modifyDn', entry, sequence, previousDn);
}

export function isProtected(entry: DirectoryEntry): boolean {
  return entry.text('iscriticalsystemobject') === 'TRUE';
}
