import { randomUUID } from 'node:crypto';
import {
  CONTROL_OID,
  type Control,
  type Dn,
  findControl,
  parseDn,
  parseSoftDeletedEntryAccessControl,
  printGeneralizedTime,
  readDn,
  type SoftDeletedEntryAccess,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { type AccountRights, allRights, anonymousCaller, type Caller, readRights } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import { EntryStore } from '../core/entry-store.ts';
import { ruleOf } from '../core/schema-rules.ts';
import { PdChangelog } from './pd-changelog.ts';
import type { PingDirectoryOptions } from './pd-options.ts';
import { pdRefusals, pdValueFaults } from './pd-refusals.ts';
import { pingDirectorySchema } from './ping-directory-schema.ts';

export interface PdServerOptions extends PingDirectoryOptions {
  readonly baseDn: string;
  readonly adminPassword: string;
  readonly now: () => number;
}

/** The class that marks soft-deleted entries. */
export const softDeleteClass = 'ds-soft-delete-entry';

/** The state of a simulated PingDirectory with one backend, its changelog and its schema. */
export class PdServer {
  readonly options: PdServerOptions;
  readonly schema = pingDirectorySchema;
  readonly refusals = pdRefusals;
  readonly faults = pdValueFaults;
  readonly store: EntryStore;
  readonly head: DirectoryEntry;
  readonly subschema: DirectoryEntry;
  readonly changelog: PdChangelog;
  /** What clients bind as; in entries the administrator goes by the longer name. */
  readonly adminDn = 'cn=Directory Manager';
  readonly #adminEntryDn = 'cn=Directory Manager,cn=Root DNs,cn=config';
  readonly #rights = new Map<DirectoryEntry, AccountRights>();

  constructor(options: PdServerOptions) {
    this.options = options;
    this.store = new EntryStore({
      // Not objectClass: (objectClass=person) also means its subclasses, which an index of values does not know.
      indexed: ['uid', 'mail', 'employeenumber', 'cn', 'entryuuid'],
      indexedNames: ['member', 'uniquemember', 'ds-target-group-dn'],
      now: options.now,
    });
    this.head = this.store.createContext(options.baseDn);
    this.subschema = this.store.createContext('cn=schema');
    const [value = ''] = parseDn(options.baseDn).rdns.map((rdn) => rdn.value);
    this.#makeHead(this.head, [
      ['objectClass', ['top', 'domain']],
      ['dc', [value]],
    ]);
    const { attributeTypes, objectClasses } = this.schema.definitions;
    this.#makeHead(this.subschema, [
      ['objectClass', ['top', 'subschema']],
      ['cn', ['schema']],
      ['attributeTypes', attributeTypes],
      ['objectClasses', objectClasses],
    ]);
    const changelogHead = this.store.createContext('cn=changelog');
    this.#makeHead(changelogHead, [
      ['objectClass', ['top', 'untypedObject']],
      ['cn', ['changelog']],
    ]);
    this.changelog = new PdChangelog(this.store, changelogHead, options);
  }

  parseName(text: string): Dn {
    return readDn(text) ?? pdRefusals.badName();
  }

  resolve(name: string): DirectoryEntry {
    const { entry, exact } = this.store.nearest(this.parseName(name));
    if (entry === undefined || !exact) return pdRefusals.noObject(entry?.dn ?? '');
    return entry;
  }

  assertMayWrite(caller: Caller): void {
    if (!caller.trusted && !caller.rights.write) pdRefusals.noRight();
  }

  bind(name: string, password: string, secure: boolean): Caller {
    if (name === '') return anonymousCaller(secure);
    if (password === '') return pdRefusals.emptyPassword();
    const dn = this.parseName(name);
    if (dn.equals(parseDn(this.adminDn)) || dn.equals(parseDn(this.#adminEntryDn))) {
      if (password !== this.options.adminPassword) pdRefusals.badCredentials();
      return { entry: undefined, rights: allRights, secure, trusted: false };
    }
    const entry = this.store.resolve(dn);
    // Why it fails is told by nothing: missing, wrong, disabled, deleted.
    const isUsable =
      entry?.password === password &&
      !this.isSoftDeleted(entry) &&
      entry.text('ds-pwp-account-disabled')?.toLowerCase() !== 'true';
    if (entry === undefined || !isUsable) return pdRefusals.badCredentials();
    return { entry, rights: this.#rights.get(entry) ?? readRights, secure, trusted: false };
  }

  grant(entry: DirectoryEntry, rights: AccountRights): void {
    this.#rights.set(entry, rights);
  }

  mayRead(entry: DirectoryEntry): boolean {
    return (this.#rights.get(entry) ?? readRights).read;
  }

  isSoftDeleted(entry: DirectoryEntry): boolean {
    return (
      entry.attributes.has('ds-soft-delete-from-dn') && entry.values('ds-soft-delete-from-dn').length > 0
    );
  }

  /** The timestamps of entries are good to the millisecond. */
  timestamp(): Buffer {
    return utf8(printGeneralizedTime(this.store.nowMs(), { fractionDigits: 3 }));
  }

  /** The name of whoever writes, for creatorsName and modifiersName. */
  writerOf(caller: Caller): Buffer {
    return utf8(caller.entry?.dn ?? this.#adminEntryDn);
  }

  #makeHead(head: DirectoryEntry, values: readonly (readonly [string, readonly string[]])[]): void {
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
  }
}

/** What a request says about soft-deleted entries; undefined = nothing, they do not exist for it. */
export function softDeleteAccess(controls: readonly Control[]): SoftDeletedEntryAccess | undefined {
  // The test's own hand asks for everything deleted, whatever the product, with Active Directory's control.
  if (findControl(controls, CONTROL_OID.showDeleted) !== undefined)
    return { includeOthers: true, undeletedForm: false };
  const control = findControl(controls, CONTROL_OID.softDeletedEntryAccess);
  return control === undefined ? undefined : parseSoftDeletedEntryAccessControl(control);
}
