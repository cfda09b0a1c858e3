import { randomUUID } from 'node:crypto';
import { type Dn, parseDn, printGeneralizedTime, readDn } from '@sallyport/ldap';
import { utf8, type ValueFaults } from './attribute-values.ts';
import { type AccountRights, allRights, anonymousCaller, type Caller, readRights } from './caller.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import type { DirectorySchema } from './directory-schema.ts';
import { EntryStore } from './entry-store.ts';
import { ruleOf, type SchemaRefusals, type SchemaRules } from './schema-rules.ts';

export interface StandardDirectoryOptions {
  readonly baseDn: string;
  readonly adminPassword: string;
  readonly now: () => number;
}

/** What a product says when an operation does not go; each throws. */
export interface StandardRefusals extends SchemaRefusals {
  noObject(matchedDn: string): never;
  badName(): never;
  noRight(): never;
  entryExists(): never;
  intoItself(): never;
  badCredentials(): never;
  emptyPassword(): never;
}

/** Attributes with their values. */
export type NamedValues = readonly (readonly [name: string, values: readonly string[]])[];

/** What tells one product from another. */
export interface StandardProduct {
  readonly schema: DirectorySchema;
  readonly refusals: StandardRefusals;
  readonly faults: ValueFaults;
  /** What the administrator binds as. */
  readonly adminDn: string;
  /** What entries call the administrator, who may bind as that too. */
  readonly adminEntryDn: string;
  /** RDN value of the subschema subentry. */
  readonly subschemaName: string;
  /** Attributes with names of entries that an index finds. */
  readonly indexedNames: readonly string[];
  /** Of the timestamps of entries. */
  readonly fractionDigits: 0 | 1 | 3;
  /** Of the entry at the base, beside its class and its RDN. */
  readonly headValues: NamedValues;
}

/**
 * The state of a simulated server that keeps to the standards: one backend, its subschema, and accounts that bind with the
 * password of their entry. The operational attributes are those of RFC 4512 §3.4 and RFC 4530.
 */
export class StandardDirectory<Options extends StandardDirectoryOptions = StandardDirectoryOptions>
  implements SchemaRules
{
  readonly options: Options;
  readonly schema: DirectorySchema;
  readonly refusals: StandardRefusals;
  readonly faults: ValueFaults;
  readonly store: EntryStore;
  readonly head: DirectoryEntry;
  readonly subschema: DirectoryEntry;
  readonly adminDn: string;
  readonly #adminEntryDn: string;
  readonly #fractionDigits: StandardProduct['fractionDigits'];
  readonly #rights = new Map<DirectoryEntry, AccountRights>();

  constructor(options: Options, product: StandardProduct) {
    this.options = options;
    this.schema = product.schema;
    this.refusals = product.refusals;
    this.faults = product.faults;
    this.adminDn = product.adminDn;
    this.#adminEntryDn = product.adminEntryDn;
    this.#fractionDigits = product.fractionDigits;
    this.store = new EntryStore({
      // Not objectClass: (objectClass=person) also means its subclasses, which an index of values does not know.
      indexed: ['uid', 'mail', 'employeenumber', 'cn', 'entryuuid'],
      indexedNames: product.indexedNames,
      now: options.now,
    });
    const [value = ''] = parseDn(options.baseDn).rdns.map((rdn) => rdn.value);
    this.head = this.makeContext(options.baseDn, [
      ['objectClass', ['top', 'domain']],
      ['dc', [value]],
      ...product.headValues,
    ]);
    const { attributeTypes, objectClasses } = this.schema.definitions;
    this.subschema = this.makeContext(`cn=${product.subschemaName}`, [
      ['objectClass', ['top', 'subschema']],
      ['cn', [product.subschemaName]],
      ['attributeTypes', attributeTypes],
      ['objectClasses', objectClasses],
    ]);
  }

  parseName(text: string): Dn {
    return readDn(text) ?? this.refusals.badName();
  }

  resolve(name: string): DirectoryEntry {
    const { entry, exact } = this.store.nearest(this.parseName(name));
    if (entry === undefined || !exact) return this.refusals.noObject(entry?.dn ?? '');
    return entry;
  }

  assertMayWrite(caller: Caller): void {
    if (!caller.trusted && !caller.rights.write) this.refusals.noRight();
  }

  bind(name: string, password: string, secure: boolean): Caller {
    if (name === '') return anonymousCaller(secure);
    if (password === '') return this.refusals.emptyPassword();
    const dn = this.parseName(name);
    if (dn.equals(parseDn(this.adminDn)) || dn.equals(parseDn(this.#adminEntryDn))) {
      if (password !== this.options.adminPassword) this.refusals.badCredentials();
      return { entry: undefined, rights: allRights, secure, trusted: false };
    }
    const entry = this.store.resolve(dn);
    // Why it fails is told by nothing: a missing entry, a wrong password, an account that is not usable.
    if (entry?.password !== password || !this.isUsable(entry)) return this.refusals.badCredentials();
    return { entry, rights: this.rightsOf(entry), secure, trusted: false };
  }

  /** Whether an account may bind, its password being right. */
  protected isUsable(_account: DirectoryEntry): boolean {
    return true;
  }

  grant(entry: DirectoryEntry, rights: AccountRights): void {
    this.#rights.set(entry, rights);
  }

  rightsOf(entry: DirectoryEntry): AccountRights {
    return this.#rights.get(entry) ?? readRights;
  }

  timestamp(): Buffer {
    return utf8(printGeneralizedTime(this.store.nowMs(), { fractionDigits: this.#fractionDigits }));
  }

  /** The name of whoever writes, for creatorsName and modifiersName. */
  writerOf(caller: Caller): Buffer {
    return utf8(caller.entry?.dn ?? this.#adminEntryDn);
  }

  /** An entry that begins a naming context, made by the server itself. */
  protected makeContext(dn: string, values: NamedValues): DirectoryEntry {
    const head = this.store.createContext(dn);
    const sequence = this.store.nextSequence();
    const stamps = [
      ['entryUUID', [randomUUID()]],
      ['createTimestamp', [this.timestamp().toString()]],
      ['modifyTimestamp', [this.timestamp().toString()]],
      ['creatorsName', [this.#adminEntryDn]],
      ['modifiersName', [this.#adminEntryDn]],
    ] as const;
    for (const [name, list] of [...values, ...stamps])
      this.store.setValues(head, ruleOf(this, name).name, list.map(utf8), sequence);
    this.store.commit('add', head, sequence);
    return head;
  }
}
