import { CONTROL_OID, type DirectoryLink, type Dn, present, readDn } from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import { readEntries } from './read-entries.ts';

/** The root DSE (RFC 4512 §5.1) as far as a sync wants it. */
export interface RootDse {
  readonly namingContexts: readonly Dn[];
  readonly defaultNamingContext: Dn | undefined;
  readonly supportedControls: ReadonlySet<string>;
  readonly supportedExtensions: ReadonlySet<string>;
  readonly supportedCapabilities: ReadonlySet<string>;
  readonly vendorName: string | undefined;
  readonly vendorVersion: string | undefined;
  readonly isOpenLdap: boolean;
  readonly subschemaSubentry: string | undefined;
  readonly dnsHostName: string | undefined;
  /** DN of the NTDS Settings object that holds the invocationId (AD). */
  readonly dsServiceName: string | undefined;
  readonly highestCommittedUsn: bigint | undefined;
  /** The server's own clock, where it tells: generalized time. */
  readonly currentTime: string | undefined;
}

const ATTRIBUTES = [
  'objectClass',
  'namingContexts',
  'defaultNamingContext',
  'supportedControl',
  'supportedExtension',
  'supportedCapabilities',
  'vendorName',
  'vendorVersion',
  'subschemaSubentry',
  'dnsHostName',
  'dsServiceName',
  'highestCommittedUSN',
  'currentTime',
];

export async function readRootDse(link: DirectoryLink, signal: AbortSignal): Promise<RootDse> {
  const { entries } = await readEntries(
    link,
    { base: '', scope: 'base', filter: present('objectClass'), attributes: ATTRIBUTES, pageSize: 0 },
    signal,
  );
  const entry = entries[0];
  if (entry === undefined)
    throw new CodedError(
      'ROOT_DSE_UNREADABLE',
      'The directory answered the search of its root DSE with no entry: allow the bind account to read the empty DN',
    );
  const dns = (name: string): readonly Dn[] =>
    entry.values(name).flatMap((text) => {
      const dn = readDn(text);
      return dn === undefined ? [] : [dn];
    });
  const usn = entry.first('highestCommittedUSN');
  return {
    namingContexts: dns('namingContexts'),
    defaultNamingContext: dns('defaultNamingContext')[0],
    supportedControls: new Set(entry.values('supportedControl')),
    supportedExtensions: new Set(entry.values('supportedExtension')),
    supportedCapabilities: new Set(entry.values('supportedCapabilities')),
    vendorName: entry.first('vendorName'),
    vendorVersion: entry.first('vendorVersion'),
    isOpenLdap: entry.values('objectClass').some((name) => name.toLowerCase() === 'openldaprootdse'),
    subschemaSubentry: entry.first('subschemaSubentry'),
    dnsHostName: entry.first('dnsHostName'),
    dsServiceName: entry.first('dsServiceName'),
    highestCommittedUsn: usn === undefined ? undefined : BigInt(usn),
    currentTime: entry.first('currentTime'),
  };
}

/** The naming context that holds a DN; the DN itself if the server names none that does. */
export function namingContextOf(rootDse: RootDse, dn: Dn): Dn {
  let best: Dn | undefined;
  for (const context of rootDse.namingContexts)
    if (!context.isRoot && dn.isWithin(context))
      if (best === undefined || context.depth > best.depth) best = context;
  return best ?? rootDse.defaultNamingContext ?? dn;
}

export function supportsControl(rootDse: RootDse, name: keyof typeof CONTROL_OID): boolean {
  return rootDse.supportedControls.has(CONTROL_OID[name]);
}
