import { randomUUID } from 'node:crypto';
import { type Dn, parseDn, printGeneralizedTime, readDn } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { type AccountRights, allRights, anonymousCaller, type Caller, readRights } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import { EntryStore } from '../core/entry-store.ts';
import { olRefusals, olValueFaults } from './ol-refusals.ts';
import { openLdapSchema } from './open-ldap-schema.ts';

export interface OlDatabaseOptions {
  readonly baseDn: string;
  readonly adminPassword: string;
  readonly now: () => number;
}

/** What the session log keeps of an entry that has gone. */
export interface LoggedDeletion {
  readonly sequence: number;
  readonly entryUuid: Buffer;
}

/** syncprov-sessionlog: deletions beyond it can no longer be told, a consumer then gets the present phase. */
const sessionLogSize = 10_000;

/** The state of a simulated slapd with one database. */
export class OlDatabase {
  readonly options: OlDatabaseOptions;
  readonly schema = openLdapSchema;
  readonly refusals = olRefusals;
  readonly faults = olValueFaults;
  readonly store: EntryStore;
  readonly head: DirectoryEntry;
  readonly adminDn: string;
  readonly subschema: DirectoryEntry;
  readonly #rights = new Map<DirectoryEntry, AccountRights>();
  #deletions: LoggedDeletion[] = [];
  /** Deletions up to this number are forgotten. */
  #logBegins = 0;

  constructor(options: OlDatabaseOptions) {
    this.options = options;
    this.adminDn = `cn=admin,${options.baseDn}`;
    this.store = new EntryStore({
      // Not objectClass: (objectClass=person) also means its subclasses, which an index of values does not know.
      indexed: ['uid', 'mail', 'employeenumber', 'cn', 'entryuuid'],
      indexedNames: ['member', 'uniquemember'],
      now: options.now,
    });
    this.head = this.store.createContext(options.baseDn);
    this.subschema = this.store.createContext('cn=Subschema');
    const [value = ''] = parseDn(options.baseDn).rdns.map((rdn) => rdn.value);
    this.#makeHead(this.head, [
      ['objectClass', ['top', 'domain']],
      ['dc', [value]],
      ['structuralObjectClass', ['domain']],
    ]);
    const { attributeTypes, objectClasses } = this.schema.definitions;
    this.#makeHead(this.subschema, [
      ['objectClass', ['top', 'subschema']],
      ['cn', ['Subschema']],
      ['attributeTypes', attributeTypes],
      ['objectClasses', objectClasses],
    ]);
  }

  rule(name: string): AttributeRule {
    return this.schema.attribute(name) ?? olRefusals.unknownAttribute(name);
  }

  parseName(text: string): Dn {
    return readDn(text) ?? olRefusals.badName();
  }

  resolve(name: string): DirectoryEntry {
    const { entry, exact } = this.store.nearest(this.parseName(name));
    if (entry === undefined || !exact) return olRefusals.noObject(entry?.dn ?? '');
    return entry;
  }

  assertMayWrite(caller: Caller): void {
    if (!caller.trusted && !caller.rights.write) olRefusals.noRight();
  }

  bind(name: string, password: string, secure: boolean): Caller {
    if (name === '') return anonymousCaller(secure);
    if (password === '') return olRefusals.emptyPassword();
    const dn = this.parseName(name);
    if (dn.equals(parseDn(this.adminDn))) {
      if (password !== this.options.adminPassword) olRefusals.badCredentials();
      return { entry: undefined, rights: allRights, secure, trusted: false };
    }
    const entry = this.store.resolve(dn);
    // A missing entry is told from a wrong password by nothing.
    if (entry?.password !== password) return olRefusals.badCredentials();
    return { entry, rights: this.#rights.get(entry) ?? readRights, secure, trusted: false };
  }

  grant(entry: DirectoryEntry, rights: AccountRights): void {
    this.#rights.set(entry, rights);
  }

  timestamp(): Buffer {
    return utf8(printGeneralizedTime(this.store.nowMs()));
  }

  /** Change sequence number: the count field carries our sequence number, so that a cookie says where it stands. */
  changeNumber(sequence: number, atMs: number): string {
    const time = new Date(atMs).toISOString().replace(/[-:T]/g, '').replace('Z', '000Z');
    return `${time}#${sequence.toString(16).padStart(6, '0')}#000#000000`;
  }

  /** The name of whoever writes, for creatorsName and modifiersName. */
  writerOf(caller: Caller): Buffer {
    return utf8(caller.entry?.dn ?? this.adminDn);
  }

  logDeletion(entry: DirectoryEntry, sequence: number): void {
    const uuid = entry.text('entryuuid') ?? '';
    this.#deletions.push({ sequence, entryUuid: Buffer.from(uuid.replaceAll('-', ''), 'hex') });
    if (this.#deletions.length <= sessionLogSize) return;
    const dropped = this.#deletions.splice(0, this.#deletions.length - sessionLogSize);
    this.#logBegins = dropped.at(-1)?.sequence ?? this.#logBegins;
  }

  /** Deletions after `sequence`; undefined when the log does not reach back so far. */
  deletionsSince(sequence: number): readonly Buffer[] | undefined {
    if (sequence < this.#logBegins) return undefined;
    return this.#deletions
      .filter((deletion) => deletion.sequence > sequence)
      .map((deletion) => deletion.entryUuid);
  }

  /** Forgets the deletions so far: consumers with older cookies get the present phase. */
  trimSessionLog(): void {
    this.#logBegins = this.store.sequence;
    this.#deletions = [];
  }

  #makeHead(head: DirectoryEntry, values: readonly (readonly [string, readonly string[]])[]): void {
    const sequence = this.store.nextSequence();
    const stamps = [
      ['entryUUID', [randomUUID()]],
      ['createTimestamp', [this.timestamp().toString()]],
      ['modifyTimestamp', [this.timestamp().toString()]],
      ['creatorsName', [this.adminDn]],
      ['modifiersName', [this.adminDn]],
    ] as const;
    for (const [name, list] of [...values, ...stamps])
      this.store.setValues(head, name, list.map(utf8), sequence);
    this.store.commit('add', head, sequence);
  }
}
