import { parseSid, printSid, USER_ACCOUNT_CONTROL } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AdDomain } from './ad-domain.ts';

/** Attributes that are made when read and shown only to those who name them. */
const constructed: ReadonlyMap<string, (domain: AdDomain, entry: DirectoryEntry) => readonly Buffer[]> =
  new Map([
    ['canonicalname', (_domain, entry) => [utf8(canonicalName(entry))]],
    ['createtimestamp', (_domain, entry) => entry.values('whencreated')],
    ['modifytimestamp', (domain, entry) => [domain.generalizedTime(entry.changedAtMs)]],
    ['parentguid', (_domain, entry) => entry.parent?.values('objectguid') ?? []],
    [
      'primarygrouptoken',
      (_domain, entry) => (entry.values('grouptype').length > 0 ? [utf8(relativeId(entry))] : []),
    ],
    ['structuralobjectclass', (_domain, entry) => entry.values('objectclass').slice(-1)],
    ['subschemasubentry', (domain) => [utf8(`CN=Aggregate,${domain.schemaContainer.dn}`)]],
    ['msds-user-account-control-computed', (_domain, entry) => computedControl(entry)],
    [
      'msds-membertransitive',
      (_domain, entry) => names(closure(entry, (item) => item.linkTargets('member'))),
    ],
    ['msds-memberoftransitive', (_domain, entry) => names(closure(entry, groupsOf))],
    ['msds-principalname', (domain, entry) => principalName(domain, entry)],
  ]);

/** All values of an attribute, by lower-case name: stored, linked, or computed. */
export function adValues(domain: AdDomain, entry: DirectoryEntry, key: string): readonly Buffer[] {
  switch (key) {
    case 'distinguishedname':
      return [utf8(entry.dn)];
    case 'usnchanged':
      return [utf8(String(entry.changedSequence))];
    case 'usncreated':
      return [utf8(String(entry.createdSequence))];
    case 'whenchanged':
      return [domain.generalizedTime(entry.changedAtMs)];
  }
  const stored = entry.attributes.get(key);
  if (stored !== undefined) return stored.values;
  const linkId = domain.schema.attribute(key)?.linkId;
  if (linkId !== undefined) return names(linked(domain, entry, key, linkId));
  return constructed.get(key)?.(domain, entry) ?? [];
}

/** The entries behind a forward or back link. */
export function linked(
  domain: AdDomain,
  entry: DirectoryEntry,
  key: string,
  linkId: number,
): Iterable<DirectoryEntry> {
  if (linkId % 2 === 0) return entry.linkTargets(key);
  const forward = forwardKeys(domain).get(linkId - 1);
  return forward === undefined ? [] : (entry.backLinks.get(forward) ?? []);
}

const forwardKeysByDomain = new WeakMap<AdDomain['schema'], ReadonlyMap<number, string>>();

function forwardKeys(domain: AdDomain): ReadonlyMap<number, string> {
  const known = forwardKeysByDomain.get(domain.schema);
  if (known !== undefined) return known;
  const keys = new Map<number, string>();
  for (const rule of domain.schema.attributes) if (rule.linkId !== undefined) keys.set(rule.linkId, rule.key);
  forwardKeysByDomain.set(domain.schema, keys);
  return keys;
}

export function groupsOf(entry: DirectoryEntry): Iterable<DirectoryEntry> {
  return entry.backLinks.get('member') ?? [];
}

/** Everything reachable over the links, each once, the start left out unless a ring leads back to it. */
export function closure(
  start: DirectoryEntry,
  next: (entry: DirectoryEntry) => Iterable<DirectoryEntry>,
): ReadonlySet<DirectoryEntry> {
  const found = new Set<DirectoryEntry>();
  const waiting = [start];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    for (const target of next(entry)) {
      if (found.has(target)) continue;
      found.add(target);
      waiting.push(target);
    }
  }
  return found;
}

function names(entries: Iterable<DirectoryEntry>): readonly Buffer[] {
  return Array.from(entries, (entry) => utf8(entry.dn));
}

function canonicalName(entry: DirectoryEntry): string {
  if (entry.contextDn !== undefined) {
    return `${entry.contextDn
      .replace(/^(?:CN=[^,]+,)*/i, '')
      .replaceAll(/,?DC=/gi, '.')
      .slice(1)}/`;
  }
  const above = entry.parent === undefined ? '' : canonicalName(entry.parent);
  return `${above}${above.endsWith('/') ? '' : '/'}${entry.rdn.value.replaceAll('/', '\\/')}`;
}

function relativeId(entry: DirectoryEntry): string {
  const [sid] = entry.values('objectsid');
  return sid === undefined ? '' : String(sid.readUInt32LE(sid.length - 4));
}

function computedControl(entry: DirectoryEntry): readonly Buffer[] {
  if (entry.values('useraccountcontrol').length === 0) return [];
  const isLocked = (entry.text('lockouttime') ?? '0') !== '0';
  return [utf8(String(isLocked ? USER_ACCOUNT_CONTROL.LOCKOUT : 0))];
}

function principalName(domain: AdDomain, entry: DirectoryEntry): readonly Buffer[] {
  const account = entry.text('samaccountname');
  return account === undefined ? [] : [utf8(`${domain.netbiosName}\\${account}`)];
}

/** `<GUID=…>;<SID=…>;DN` of an entry, for the extended DN control ([MS-ADTS] 3.1.1.3.4.1.5). */
export function extendedDn(
  entry: DirectoryEntry,
  form: 'hex' | 'text',
  printGuid: (bytes: Buffer) => string,
): string {
  const [guid] = entry.values('objectguid');
  const [sid] = entry.values('objectsid');
  const parts = [
    ...(guid === undefined ? [] : [`<GUID=${form === 'hex' ? guid.toString('hex') : printGuid(guid)}>`]),
    ...(sid === undefined ? [] : [`<SID=${form === 'hex' ? sid.toString('hex') : printSid(sid)}>`]),
    entry.dn,
  ];
  return parts.join(';');
}

export function domainRelativeSid(domain: AdDomain, relativeIdentifier: number): Buffer {
  return parseSid(`${domain.sid}-${relativeIdentifier}`);
}
