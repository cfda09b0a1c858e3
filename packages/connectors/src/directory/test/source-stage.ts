import type { Position, ReadNeed, SourceChange, SourceObject, SourceReader } from '@sallyport/engine';
import { type LdapClient, makeLdapClient, parseDn, readDn } from '@sallyport/ldap';
import { type ObjectType, readInboundSettings } from '@sallyport/model';
import { makeDirectorySource } from '../directory-source.ts';
import type { StrategyName } from '../strategy/change-strategy.ts';

export interface SuiteDirectory {
  readonly host: string;
  readonly port: number;
  readonly baseDn: string;
  readonly bindDn: string;
  readonly bindPassword: string;
  stop(): Promise<void>;
}

export interface SuiteFactory {
  readonly name: string;
  readonly kind: 'activeDirectory' | 'standard';
  readonly strategy: StrategyName;
  /** Whether groups follow people who are renamed or moved; Active Directory always does. */
  readonly keepsReferences?: boolean;
  start(): Promise<SuiteDirectory>;
  /** Waits until the server's change feed tells everything that was done before; absent where it does so at once. */
  readonly caughtUp?: (admin: LdapClient, baseDn: string) => Promise<void>;
}

/** Attributes of an entry to add; several values as a list. */
export type EntryValues = Readonly<Record<string, string | readonly string[]>>;

/** What a test keeps of an object, which itself lives only until the next batch. */
export interface SeenObject {
  readonly objectType: ObjectType;
  readonly place: string;
  readonly fingerprint: string;
  readonly mail: string;
  readonly references: readonly string[];
  readonly memberOf: readonly string[] | undefined;
  readonly members: ReadonlySet<string> | undefined;
  readonly fault: string | undefined;
}

export interface SeenRead {
  readonly objects: ReadonlyMap<string, SeenObject>;
  readonly position: Position;
  readonly basesRead: readonly string[];
}

export const GROUPS_NEED: ReadNeed = {
  attributes: ['sn', 'givenName', 'mail'],
  groups: { attributes: ['cn', 'description'], members: true },
};

const signal = new AbortController().signal;

/** One directory with its helpers, for the cases of a suite. */
export class SourceStage {
  readonly isAd: boolean;
  readonly strategy: StrategyName;
  readonly keepsReferences: boolean;
  readonly #factory: SuiteFactory;
  #directory: SuiteDirectory | undefined;
  #admin: LdapClient | undefined;
  #names = 0;

  constructor(factory: SuiteFactory) {
    this.#factory = factory;
    this.isAd = factory.kind === 'activeDirectory';
    this.strategy = factory.strategy;
    this.keepsReferences = this.isAd || factory.keepsReferences === true;
  }

  async start(): Promise<void> {
    this.#directory = await this.#factory.start();
    this.#admin = makeLdapClient({
      servers: [{ host: this.#directory.host, port: this.#directory.port }],
      security: 'none',
      bind: { dn: this.#directory.bindDn, password: this.#directory.bindPassword },
    });
  }

  async stop(): Promise<void> {
    await this.#admin?.close();
    await this.#directory?.stop();
  }

  get directory(): SuiteDirectory {
    if (this.#directory === undefined) throw new Error('not started');
    return this.#directory;
  }

  get admin(): LdapClient {
    if (this.#admin === undefined) throw new Error('not started');
    return this.#admin;
  }

  /** A name that no other entry has. */
  name(stem: string): string {
    this.#names += 1;
    return `${stem}-${this.#names}`;
  }

  async add(dn: string, values: EntryValues): Promise<string> {
    await this.admin.add(
      dn,
      Object.entries(values).map(([type, value]) => ({ type, values: [value].flat() })),
    );
    return dn;
  }

  unit(parent = this.directory.baseDn, name = this.name('area')): Promise<string> {
    return this.add(`OU=${name},${parent}`, { objectClass: 'organizationalUnit', ou: name });
  }

  person(parent: string, login: string, more: EntryValues = {}): Promise<string> {
    return this.add(`${this.isAd ? `CN=${login}` : `uid=${login}`},${parent}`, {
      objectClass: this.isAd ? 'user' : 'inetOrgPerson',
      [this.isAd ? 'sAMAccountName' : 'uid']: login,
      sn: 'Silva',
      givenName: 'Ana',
      mail: `${login}@corp.example`,
      ...(this.isAd ? {} : { cn: login }),
      ...more,
    });
  }

  /** A group of the most usual class. One without members holds the administrator, where the schema wants somebody. */
  group(parent: string, name: string, members: readonly string[], more: EntryValues = {}): Promise<string> {
    const held = members.length === 0 && !this.isAd ? [this.directory.bindDn] : members;
    return this.add(`CN=${name},${parent}`, {
      objectClass: this.isAd ? 'group' : 'groupOfNames',
      ...(this.isAd ? { sAMAccountName: name } : { cn: name }),
      ...(held.length === 0 ? {} : { member: held }),
      ...more,
    });
  }

  async replace(dn: string, type: string, value: string): Promise<void> {
    await this.admin.modify(dn, [{ operation: 'replace', type, values: [value] }]);
  }

  async join(group: string, ...members: readonly string[]): Promise<void> {
    await this.admin.modify(group, [{ operation: 'add', type: 'member', values: [...members] }]);
  }

  async leave(group: string, ...members: readonly string[]): Promise<void> {
    await this.admin.modify(group, [{ operation: 'delete', type: 'member', values: [...members] }]);
  }

  async move(dn: string, newSuperior: string): Promise<string> {
    const rdn = parseDn(dn).rdn?.toString() ?? '';
    await this.admin.modifyDn(dn, rdn, { deleteOldRdn: true, newSuperior });
    return `${rdn},${newSuperior}`;
  }

  async rename(dn: string, newRdn: string): Promise<string> {
    await this.admin.modifyDn(dn, newRdn, { deleteOldRdn: true });
    return `${newRdn},${parseDn(dn).parent?.toString() ?? ''}`;
  }

  async caughtUp(): Promise<void> {
    await this.#factory.caughtUp?.(this.admin, this.directory.baseDn);
  }

  /** Opened as before a run. */
  async reader(base: string, configuration: Readonly<Record<string, string>> = {}): Promise<SourceReader> {
    const source = this.unopened(base, configuration);
    await source.open(signal);
    return source;
  }

  unopened(
    base: string,
    configuration: Readonly<Record<string, string>> = {},
    link: LdapClient = this.admin,
  ): SourceReader {
    const { settings } = readInboundSettings({
      USERS_BASE_DN: base,
      CHANGE_STRATEGY: this.strategy,
      ...configuration,
    });
    return makeDirectorySource({ link, settings, vendor: undefined, accountFlag: undefined });
  }

  async readAll(source: SourceReader, need: ReadNeed = GROUPS_NEED): Promise<SeenRead> {
    const objects = new Map<string, SeenObject>();
    const batches = source.readAll(need, signal);
    for (;;) {
      const next = await batches.next();
      if (next.done === true) {
        const { basesRead, position } = next.value;
        if (position === undefined) throw new Error('no position');
        return { objects, position, basesRead };
      }
      for (const object of next.value) objects.set(object.key, seen(object));
    }
  }

  /** Opens, and works the changes since into what was known: what the engine's links would then say. */
  async follow(source: SourceReader, known: SeenRead, need: ReadNeed = GROUPS_NEED): Promise<FollowedRead> {
    await this.caughtUp();
    await source.open(signal);
    const objects = new Map(known.objects);
    const [someKey = ''] = objects.keys();
    const told: SourceChange['kind'][] = [];
    const keys = new Set<string>();
    const stream = source.changesSince(known.position, need, signal);
    for (;;) {
      const next = await stream.next();
      if (next.done === true) {
        const { basesRead, position } = next.value;
        if (position === undefined) throw new Error('no position');
        return { objects, position, basesRead, told, keys };
      }
      for (const change of next.value) {
        told.push(change.kind);
        keys.add(change.kind === 'present' ? change.object.key : change.key);
        apply(objects, change);
      }
      // As the engine does between batches, to confirm removals.
      if (someKey !== '') await source.readByKeys('user', [someKey], need, signal);
    }
  }
}

export interface FollowedRead extends SeenRead {
  readonly told: readonly SourceChange['kind'][];
  readonly keys: ReadonlySet<string>;
}

function apply(objects: Map<string, SeenObject>, change: SourceChange): void {
  if (change.kind === 'present') objects.set(change.object.key, seen(change.object));
  else if (change.kind === 'gone') {
    const known = objects.get(change.key);
    // A key of the other type is somebody else's.
    if (known !== undefined && (change.objectType ?? known.objectType) === known.objectType)
      objects.delete(change.key);
  } else {
    const group = objects.get(change.key);
    if (group === undefined) return;
    const members = new Set(group.members);
    for (const reference of change.removed) members.delete(reference);
    for (const reference of change.added) members.add(reference);
    objects.set(change.key, { ...group, members });
  }
}

function seen(object: SourceObject): SeenObject {
  return {
    objectType: object.objectType,
    place: object.place,
    fingerprint: object.fingerprint,
    mail: object.values('mail')[0] ?? '',
    references: [...object.references],
    memberOf: object.memberOf === undefined ? undefined : [...object.memberOf],
    members: object.members === undefined ? undefined : new Set(object.members),
    fault: object.fault?.code,
  };
}

/** The object at this place. */
export function at(read: SeenRead, dn: string): SeenObject | undefined {
  return [...read.objects.values()].find(({ place }) => readDn(place)?.equals(parseDn(dn)) === true);
}

export function keyAt(read: SeenRead, dn: string): string {
  const found = [...read.objects].find(([, { place }]) => readDn(place)?.equals(parseDn(dn)) === true);
  if (found === undefined) throw new Error(`${dn} was not read`);
  return found[0];
}

/** Normal DNs of a group's members, in order; `uid:` references as they are. */
export function membersAt(read: SeenRead, dn: string): readonly string[] {
  return [...(at(read, dn)?.members ?? [])].map((reference) => reference.replace(/^dn:/, '')).sort();
}

export function normal(...dns: readonly string[]): readonly string[] {
  return dns.map((dn) => parseDn(dn).normal).sort();
}
