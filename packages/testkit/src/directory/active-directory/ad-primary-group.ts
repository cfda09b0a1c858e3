import { parseSid, printSid, siblingSid } from '@sallyport/ldap';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals } from './ad-refusals.ts';

/**
 * A person's new primary group must hold the person already; then the two swap ([MS-ADTS] 3.1.1.5.3.1.2, [MS-SAMR]
 * 3.1.1.8.2): the new one loses the member, because its number says it now, and the old one gets it as a member.
 * @returns what to do once the whole request has been accepted
 */
export function planPrimaryGroup(
  domain: AdDomain,
  entry: DirectoryEntry,
  relativeId: Buffer | undefined,
): (() => void) | undefined {
  const before = entry.text('primarygroupid');
  const after = relativeId?.toString();
  if (before === undefined || after === undefined || before === after) return undefined;
  const next = groupOf(domain, entry, after);
  if (next?.links.get('member')?.get(entry)?.present !== true) return adRefusals.notMember();
  const last = groupOf(domain, entry, before);
  return () => {
    setMember(domain, next, entry, false);
    if (last !== undefined) setMember(domain, last, entry, true);
  };
}

function groupOf(domain: AdDomain, entry: DirectoryEntry, relativeId: string): DirectoryEntry | undefined {
  const [sid] = entry.values('objectsid');
  if (sid === undefined) return undefined;
  return domain.store.find('objectsid', parseSid(siblingSid(printSid(sid), Number(relativeId))))[0];
}

function setMember(domain: AdDomain, group: DirectoryEntry, entry: DirectoryEntry, present: boolean): void {
  const sequence = domain.store.nextSequence();
  domain.store.setLink(group, 'member', entry, { present, sequence });
  domain.store.commit('modify', group, sequence);
}
