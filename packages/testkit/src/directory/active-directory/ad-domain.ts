import { randomBytes, randomInt } from 'node:crypto';
import { type Dn, makeFileTime, parseDn, parseSid, printGeneralizedTime, readDn } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { type AccountRights, allRights, type Caller, readRights } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import { EntryStore } from '../core/entry-store.ts';
import { activeDirectorySchema } from './active-directory-schema.ts';
import { adRefusals } from './ad-refusals.ts';

export interface AdDomainOptions {
  readonly baseDn: string;
  readonly adminPassword: string;
  /** Deleted objects keep everything (Recycle Bin) instead of becoming tombstones. */
  readonly recycleBin: boolean;
  /** Most values of an attribute in one answer (MaxValRange). */
  readonly maxValRange: number;
  /** Most bytes of a DirSync answer, whatever the client asks for. */
  readonly dirSyncMaxBytes: number;
  /** MaxNotificationPerConn. */
  readonly maxNotifications: number;
  readonly now: () => number;
}

/** Attributes that real domain controllers index, as far as they are searched here. */
const indexed = [
  'objectguid',
  'objectsid',
  'samaccountname',
  'userprincipalname',
  'mail',
  'cn',
  'employeeid',
  'objectclass',
];

/** Highest first RID a domain gives to ordinary accounts is 1000; a used domain is beyond. */
const firstRid = 1_104;

/** The state of a simulated domain on one domain controller. */
export class AdDomain {
  readonly options: AdDomainOptions;
  readonly store: EntryStore;
  readonly schema = activeDirectorySchema;
  /** S-1-5-21-a-b-c */
  readonly sid: string;
  readonly head: DirectoryEntry;
  readonly configuration: DirectoryEntry;
  readonly schemaContainer: DirectoryEntry;
  /** NetBIOS name: the first label in capitals. */
  readonly netbiosName: string;
  /** `corp.example` */
  readonly dnsName: string;
  readonly #rights = new Map<DirectoryEntry, AccountRights>();
  /** By head of the naming context. */
  readonly #deletedObjects = new Map<DirectoryEntry, DirectoryEntry>();
  #nextRid = firstRid;
  #entropy = Buffer.alloc(0);
  #lastTime: { readonly second: number; readonly value: Buffer } | undefined;
  #settings: DirectoryEntry | undefined;

  constructor(options: AdDomainOptions) {
    this.options = options;
    this.store = new EntryStore({ indexed, now: options.now });
    this.sid = `S-1-5-21-${randomInt(2 ** 31)}-${randomInt(2 ** 31)}-${randomInt(2 ** 31)}`;
    const labels = parseDn(options.baseDn).rdns.map((rdn) => rdn.value);
    this.dnsName = labels.join('.').toLowerCase();
    this.netbiosName = (labels[0] ?? 'DOMAIN').toUpperCase().slice(0, 15);
    this.head = this.store.createContext(options.baseDn);
    this.configuration = this.store.createContext(`CN=Configuration,${options.baseDn}`);
    this.schemaContainer = this.store.createContext(`CN=Schema,CN=Configuration,${options.baseDn}`);
  }

  get ntdsSettings(): DirectoryEntry {
    if (this.#settings === undefined) throw new Error('The domain is not set up yet.');
    return this.#settings;
  }

  set ntdsSettings(entry: DirectoryEntry) {
    this.#settings = entry;
  }

  /** 16 bytes; another one means that this domain controller was restored from a backup. */
  get invocationId(): Buffer {
    return this.ntdsSettings.values('invocationid')[0] ?? Buffer.alloc(16);
  }

  nextSid(): Buffer {
    const sid = parseSid(`${this.sid}-${this.#nextRid}`);
    this.#nextRid += 1;
    return sid;
  }

  newGuid(): Buffer {
    const guid = this.#randomBytes(16);
    // Version 4 and variant, in the mixed order in which objectGUID is stored.
    guid[7] = ((guid[7] ?? 0) & 0x0f) | 0x40;
    guid[8] = ((guid[8] ?? 0) & 0x3f) | 0x80;
    return guid;
  }

  /** Drawn in bulk: asking the system for every entry would take longer than all the rest of adding it. */
  #randomBytes(size: number): Buffer {
    if (this.#entropy.length < size) this.#entropy = randomBytes(size * 256);
    const bytes = this.#entropy.subarray(0, size);
    this.#entropy = this.#entropy.subarray(size);
    return bytes;
  }

  generalizedTime(epochMs: number): Buffer {
    const second = Math.floor(epochMs / 1000);
    if (this.#lastTime?.second !== second) {
      this.#lastTime = { second, value: utf8(printGeneralizedTime(second * 1000, { fractionDigits: 1 })) };
    }
    return this.#lastTime.value;
  }

  fileTimeNow(): Buffer {
    return utf8(String(makeFileTime(this.store.nowMs())));
  }

  setDeletedObjects(context: DirectoryEntry, container: DirectoryEntry): void {
    this.#deletedObjects.set(context, container);
  }

  deletedObjectsOf(entry: DirectoryEntry): DirectoryEntry | undefined {
    return this.#deletedObjects.get(entry.context);
  }

  isDeletedObjectsContainer(entry: DirectoryEntry): boolean {
    return this.#deletedObjects.get(entry.context) === entry;
  }

  grant(entry: DirectoryEntry, rights: AccountRights): void {
    this.#rights.set(entry, rights);
  }

  rightsOf(entry: DirectoryEntry): AccountRights {
    return this.#rights.get(entry) ?? (this.#isAdministrator(entry) ? allRights : readRights);
  }

  rule(name: string): AttributeRule {
    return this.schema.attribute(name) ?? adRefusals.unknownAttribute();
  }

  resolve(dn: Dn): DirectoryEntry {
    const { entry, exact } = this.store.nearest(dn);
    if (entry === undefined || !exact) return adRefusals.noObject(entry?.dn ?? '');
    return entry;
  }

  parseName(text: string): Dn {
    return readDn(text) ?? adRefusals.badName(text);
  }

  assertMayWrite(caller: Caller): void {
    if (caller.trusted || caller.rights.write) return;
    if (caller.entry === undefined) adRefusals.bindFirst();
    adRefusals.noRight();
  }

  isTombstone(entry: DirectoryEntry): boolean {
    return entry.values('isdeleted').length > 0 && !this.isDeletedObjectsContainer(entry);
  }

  #isAdministrator(entry: DirectoryEntry, seen = new Set<DirectoryEntry>()): boolean {
    for (const group of entry.backLinks.get('member') ?? []) {
      if (seen.has(group)) continue;
      seen.add(group);
      const name = group.text('samaccountname');
      if (name === 'Domain Admins' || name === 'Administrators' || this.#isAdministrator(group, seen))
        return true;
    }
    return false;
  }
}
