import { readFileSync } from 'node:fs';
import {
  type Control,
  EntryBatch,
  type LazyEntry,
  type LdapClient,
  type LdapClientOptions,
  makeLdapClient,
  parseFilter,
  type SearchItem,
  type SearchOutcome,
  type SearchRequest,
} from '@sallyport/ldap';
import type { DirectoryServer } from '../servers/directory-server.ts';
import type { Capability, DirectoryFactory } from './directory-under-test.ts';

export interface ConformanceCase {
  readonly name: string;
  readonly needs?: readonly Capability[];
  readonly run: (context: CaseContext) => Promise<void>;
}

export interface SearchAnswer {
  readonly entries: readonly LazyEntry[];
  readonly items: readonly SearchItem[];
  readonly outcome: SearchOutcome;
}

/** What a case works with: one directory for the whole suite, a client with all rights, and a place of its own. */
export class CaseContext {
  readonly server: DirectoryServer;
  readonly factory: DirectoryFactory;
  readonly people: number;
  readonly client: LdapClient;
  readonly #clients: LdapClient[] = [];
  #counter = 0;

  constructor(server: DirectoryServer, factory: DirectoryFactory, people: number) {
    this.server = server;
    this.factory = factory;
    this.people = people;
    this.client = this.connect();
  }

  get isActiveDirectory(): boolean {
    return this.factory.kind === 'activeDirectory';
  }

  /** The attribute that identifies an entry for good, and the one people sign on with. */
  get keyAttribute(): 'objectGUID' | 'entryUUID' {
    return this.isActiveDirectory ? 'objectGUID' : 'entryUUID';
  }

  get usernameAttribute(): 'sAMAccountName' | 'uid' {
    return this.isActiveDirectory ? 'sAMAccountName' : 'uid';
  }

  get personFilter(): string {
    return this.isActiveDirectory
      ? '(&(objectCategory=person)(objectClass=user))'
      : '(objectClass=inetOrgPerson)';
  }

  get peopleDn(): string {
    return `${this.isActiveDirectory ? 'OU' : 'ou'}=People,${this.server.baseDn}`;
  }

  get groupsDn(): string {
    return `${this.isActiveDirectory ? 'OU' : 'ou'}=Groups,${this.server.baseDn}`;
  }

  /** Another client; by default with all rights over TLS. Closed at the end of the suite. */
  connect(
    options: Partial<LdapClientOptions> = {},
    as: 'administrator' | 'anonymous' = 'administrator',
  ): LdapClient {
    const { server } = this;
    const security = options.security ?? 'ldaps';
    const client = makeLdapClient({
      servers: [{ host: server.host, port: security === 'ldaps' ? server.tlsPort : server.port }],
      security,
      tls: { ca: readFileSync(server.caFile) },
      ...(as === 'anonymous' ? {} : { bind: { dn: server.bindDn, password: server.bindPassword } }),
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async search(
    filter: string,
    request: Partial<SearchRequest> = {},
    client = this.client,
  ): Promise<SearchAnswer> {
    const stream = client.search({
      base: this.server.baseDn,
      scope: 'sub',
      filter: parseFilter(filter),
      attributes: [],
      ...request,
    });
    const items: SearchItem[] = [];
    for await (const bytes of stream) items.push(...new EntryBatch(bytes).items());
    const entries = items.filter((item) => item.kind === 'entry');
    return { entries, items, outcome: await stream.outcome };
  }

  async read(
    dn: string,
    attributes: readonly string[] = [],
    controls: readonly Control[] = [],
  ): Promise<LazyEntry | undefined> {
    const answer = await this.search('(objectClass=*)', { base: dn, scope: 'base', attributes, controls });
    return answer.entries[0];
  }

  /** A name nobody else in the suite has. */
  unique(prefix: string): string {
    this.#counter += 1;
    return `${prefix}${process.pid % 10_000}x${this.#counter}`;
  }

  /** A new OU. @returns its DN */
  async makeUnit(parent = this.server.baseDn): Promise<string> {
    const name = this.unique('Unit ');
    const dn = `${this.isActiveDirectory ? 'OU' : 'ou'}=${name},${parent}`;
    await this.client.add(dn, [
      { type: 'objectClass', values: ['top', 'organizationalUnit'] },
      { type: 'ou', values: [name] },
    ]);
    return dn;
  }

  /** A new person. @returns the DN */
  async makePerson(parent: string, values: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
    const username = values[this.usernameAttribute]?.toString() ?? this.unique('p');
    const dn = `${this.isActiveDirectory ? 'CN' : 'uid'}=${username},${parent}`;
    const base = this.isActiveDirectory
      ? {
          objectClass: ['top', 'person', 'organizationalPerson', 'user'],
          cn: [username],
          sAMAccountName: [username],
        }
      : {
          objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
          uid: [username],
          cn: [username],
        };
    const own = Object.fromEntries(Object.entries(values).map(([type, value]) => [type, [value]]));
    const all: Record<string, readonly (string | Buffer)[]> = { sn: ['Person'], ...base, ...own };
    await this.client.add(
      dn,
      Object.entries(all).map(([type, list]) => ({ type, values: list })),
    );
    return dn;
  }

  async makeGroup(parent: string, members: readonly string[]): Promise<string> {
    const name = this.unique('Group ');
    const dn = `${this.isActiveDirectory ? 'CN' : 'cn'}=${name},${parent}`;
    await this.client.add(dn, [
      { type: 'objectClass', values: ['top', this.isActiveDirectory ? 'group' : 'groupOfNames'] },
      { type: 'cn', values: [name] },
      ...(this.isActiveDirectory ? [{ type: 'sAMAccountName', values: [name] }] : []),
      ...(members.length > 0 ? [{ type: 'member', values: members }] : []),
    ]);
    return dn;
  }
}

/** Resolves when the condition holds; rejects after the time, naming what was waited for. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
