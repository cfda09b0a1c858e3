import { readFileSync } from 'node:fs';
import {
  type ChangelogBatchEntry,
  type ChangelogBatchRequest,
  type Control,
  EntryBatch,
  EXTENDED_OID,
  encodeChangelogBatchRequest,
  type LazyEntry,
  type LdapClient,
  makeLdapClient,
  parseChangelogBatchEntry,
  parseChangelogBatchResult,
  parseFilter,
  parseMissingChanges,
  type SearchRequest,
} from '@sallyport/ldap';
import { expect } from 'vitest';
import {
  type InMemoryDirectory,
  type InMemoryDirectoryOptions,
  startInMemoryDirectory,
} from '../../start-in-memory-directory.ts';
import type { PingDirectoryOptions } from '../pd-options.ts';

export const base = 'dc=corp,dc=example';
export const people = `ou=People,${base}`;
export const ana = `uid=ana,${people}`;
export const bert = `uid=bert,${people}`;
export const beginning = { kind: 'beginning' } as const;

const closing: (() => unknown)[] = [];

/** Ends what the test has started, last things first; for `afterEach`. */
export async function closeHouses(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

export interface House {
  readonly directory: InMemoryDirectory;
  readonly client: LdapClient;
  /** A client of an account that may read, and what else is said. */
  as(name: string): LdapClient;
}

/** A PingDirectory with Ana and Bert, and accounts that may read a little more or less. */
export async function start(
  pingDirectory: PingDirectoryOptions = {},
  options: InMemoryDirectoryOptions = {},
): Promise<House> {
  const directory = await startInMemoryDirectory({
    manner: 'pingDirectory',
    pingDirectory,
    accounts: [
      { name: 'plain', password: 'Passw0rd.1' },
      { name: 'follower', password: 'Passw0rd.1', rights: { replicate: true } },
      { name: 'undertaker', password: 'Passw0rd.1', rights: { readDeleted: true } },
    ],
    ...options,
  });
  closing.push(
    () => directory.stop(),
    () => expect(directory.failures).toEqual([]),
  );
  const connect = (dn: string, password: string) => {
    const client = makeLdapClient({
      servers: [{ host: directory.host, port: directory.tlsPort }],
      security: 'ldaps',
      tls: { ca: readFileSync(directory.caFile) },
      bind: { dn, password },
    });
    closing.push(() => client.close());
    return client;
  };
  if (directory.edit.get(people) === undefined)
    directory.edit.add(people, { objectClass: ['top', 'organizationalUnit'], ou: 'People' });
  for (const [uid, cn] of [
    ['ana', 'Ana Silva'],
    ['bert', 'Bert Novak'],
  ] as const)
    addPerson(directory, uid, cn);
  const as = (name: string) => {
    const { bindDn = '', bindPassword = '' } = directory.accounts[name] ?? {};
    return connect(bindDn, bindPassword);
  };
  return { directory, client: connect(directory.bindDn, directory.bindPassword), as };
}

export function addPerson(directory: InMemoryDirectory, uid: string, cn: string, parent = people): void {
  directory.edit.add(`uid=${uid},${parent}`, {
    objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    uid,
    cn,
    sn: cn.split(' ')[1] ?? cn,
    userPassword: 'Secret.42',
  });
}

export async function search(
  client: LdapClient,
  filter: string,
  request: Partial<SearchRequest> = {},
): Promise<LazyEntry[]> {
  const stream = client.search({
    base,
    scope: 'sub',
    filter: parseFilter(filter),
    attributes: ['*'],
    ...request,
  });
  const entries: LazyEntry[] = [];
  for await (const bytes of stream) entries.push(...new EntryBatch(bytes).entries());
  return entries;
}

export async function read(
  client: LdapClient,
  dn: string,
  attributes: readonly string[],
  controls: readonly Control[] = [],
): Promise<LazyEntry | undefined> {
  const [entry] = await search(client, '(objectClass=*)', { base: dn, scope: 'base', attributes, controls });
  return entry;
}

export async function batch(
  client: LdapClient,
  request: Partial<ChangelogBatchRequest> = {},
  signal?: AbortSignal,
) {
  const value = encodeChangelogBatchRequest({ start: beginning, maxChanges: 1_000, ...request });
  const stream = client.extendedStream(
    EXTENDED_OID.getChangelogBatch,
    value,
    signal === undefined ? {} : { signal },
  );
  const entries: ChangelogBatchEntry[] = [];
  const missing: (string | undefined)[] = [];
  for await (const bytes of stream) {
    for (const item of new EntryBatch(bytes).items()) {
      if (item.kind !== 'intermediate' || item.value === undefined) continue;
      if (item.oid === EXTENDED_OID.changelogEntry)
        entries.push(parseChangelogBatchEntry(Buffer.from(item.value)));
      if (item.oid === EXTENDED_OID.missingChangelogEntries) missing.push(parseMissingChanges(item.value));
    }
  }
  const { value: result = Buffer.alloc(0) } = await stream.outcome;
  return { entries, missing, result: parseChangelogBatchResult(result) };
}

export function octetsOf(entry: ChangelogBatchEntry, name: string): Buffer | undefined {
  return entry.attributes.find(({ type }) => type.toLowerCase() === name.toLowerCase())?.values[0];
}

export const textOf = (entry: ChangelogBatchEntry, name: string) => octetsOf(entry, name)?.toString();
/** `type target` of each change. */
export const told = (entries: readonly ChangelogBatchEntry[]) =>
  entries.map((entry) => `${textOf(entry, 'changeType')} ${textOf(entry, 'targetDN')}`);

export function token(result: { readonly resumeToken?: Buffer }) {
  return { start: { kind: 'token', token: Buffer.from(result.resumeToken ?? '') } } as const;
}

/** Stands where a change is missing, so that a comparison tells. */
export const nothing: ChangelogBatchEntry = {
  resumeToken: Buffer.alloc(0),
  serverId: '',
  dn: '',
  attributes: [],
};
