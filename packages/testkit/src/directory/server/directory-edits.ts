import { createReadStream } from 'node:fs';
import {
  type AttributeValues,
  CONTROL_OID,
  type Control,
  type Filter,
  type LdifEntry,
  type Modification,
  parseDn,
  parseFilter,
  readLdif,
  type SearchRequestOp,
  writeLdif,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import { type AccountRights, testCaller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { ChangelogControl, DirectoryManner } from '../core/directory-manner.ts';
import { findEntries } from '../core/find-entries.ts';

export type ValueInput = string | Uint8Array | readonly (string | Uint8Array)[];
/** Attribute values by name; one value or several. */
export type AttributesInput = Readonly<Record<string, ValueInput>>;

export interface ModifyInput {
  readonly add?: AttributesInput;
  /** An empty list removes the attribute. */
  readonly delete?: AttributesInput;
  readonly replace?: AttributesInput;
}

/** An entry as a test looks at it. */
export interface EntrySnapshot {
  readonly dn: string;
  /** By attribute name as the schema spells it; text, or `base64:…` for bytes that are none. Values sorted. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

const showDeleted: readonly Control[] = [{ oid: CONTROL_OID.showDeleted, critical: true }];

/** The test's own hand on a directory: everything an administrator can do over LDAP, without LDAP and without refusals of rights. */
export class DirectoryEdits {
  readonly #manner: DirectoryManner;

  constructor(manner: DirectoryManner) {
    this.#manner = manner;
  }

  add(dn: string, attributes: AttributesInput): void {
    this.#manner.add(testCaller, parseDn(dn), toValues(attributes));
  }

  modify(dn: string, input: ModifyInput): void {
    const changes = (['delete', 'add', 'replace'] as const).flatMap((operation) =>
      toValues(input[operation] ?? {}).map(
        (attribute): Modification<Buffer> => ({ operation, ...attribute }),
      ),
    );
    this.#manner.modify(testCaller, dn, changes, []);
  }

  /** Renames in place; `newRdn` is escaped text such as `CN=Silva\\, Ana`. */
  rename(dn: string, newRdn: string): void {
    this.#manner.modifyDn(testCaller, dn, { newRdn, deleteOldRdn: true }, []);
  }

  move(dn: string, newSuperior: string, newRdn?: string): void {
    const rdn = newRdn ?? parseDn(dn).rdn?.text ?? '';
    this.#manner.modifyDn(testCaller, dn, { newRdn: rdn, deleteOldRdn: true, newSuperior }, []);
  }

  /** `tree`: with everything below. */
  remove(dn: string, options: { readonly tree?: boolean } = {}): void {
    const controls = options.tree === true ? [{ oid: CONTROL_OID.treeDelete, critical: true }] : [];
    this.#manner.delete(testCaller, dn, controls);
  }

  setPassword(dn: string, password: string): void {
    this.#manner.setPassword(this.#manner.locate(testCaller, dn, []), password);
  }

  /** The changelog forgets all but its latest changes (0 = everything), as its size and age limits make it do. */
  trimChangelog(keepLatest = 0): void {
    this.#changelog.trim(keepLatest);
  }

  /** From now on answers as another server of the same topology, with other change numbers. */
  switchReplica(serverId: string, firstChangeNumber: number): void {
    this.#changelog.switchReplica(serverId, firstChangeNumber);
  }

  get #changelog(): ChangelogControl {
    const { changelog, name } = this.#manner;
    if (changelog === undefined) throw new TypeError(`The ${name} manner has no changelog.`);
    return changelog;
  }

  /** What the account may do from its next bind on. */
  grant(dn: string, rights: AccountRights): void {
    this.#manner.grant(this.#manner.locate(testCaller, dn, []), rights);
  }

  /** The entry with everything it shows, operational attributes included; undefined if there is none. */
  get(dn: string): EntrySnapshot | undefined {
    const entry = this.#manner.store.resolve(parseDn(dn));
    return entry === undefined ? undefined : this.#snapshotOf(entry);
  }

  /** Entries that match, deleted ones left out unless asked for. */
  find(
    filter: string | Filter,
    options: { readonly base?: string; readonly deleted?: boolean } = {},
  ): EntrySnapshot[] {
    const request: SearchRequestOp = {
      kind: 'searchRequest',
      base: options.base ?? this.#manner.baseDn,
      scope: 'sub',
      derefAliases: 'never',
      sizeLimit: 0,
      timeLimitSeconds: 0,
      typesOnly: false,
      filter: typeof filter === 'string' ? parseFilter(filter) : filter,
      attributes: [],
    };
    const controls = options.deleted === true ? showDeleted : [];
    const base = this.#manner.locate(testCaller, request.base, controls);
    const found: EntrySnapshot[] = [];
    for (const entry of findEntries(this.#manner, testCaller, base, request, controls)) {
      if (entry !== undefined) found.push(this.#snapshotOf(entry));
    }
    return found;
  }

  /** Number of entries, tombstones and the server's own included. */
  get entryCount(): number {
    return this.#manner.store.entryCount;
  }

  /** Everything below the base, sorted by name: two snapshots are equal exactly if the content is. */
  snapshot(): EntrySnapshot[] {
    const [head] = this.#manner.store.contexts.filter((context) => context.dn === this.#manner.baseDn);
    if (head === undefined) return [];
    const entries = [...this.#manner.store.subtree(head)].map((entry) => this.#snapshotOf(entry));
    return entries.sort((a, b) => (a.dn < b.dn ? -1 : 1));
  }

  /** Adds the entries of LDIF text or of a file (`{ file }`), in order. Throws at the first that cannot be added. */
  async loadLdif(source: string | { readonly file: string }): Promise<number> {
    const chunks = typeof source === 'string' ? [source] : createReadStream(source.file);
    let count = 0;
    for await (const record of readLdif(chunks)) {
      if (record.kind !== 'entry' && record.kind !== 'add')
        throw new TypeError(`LDIF of entries expected, found ${record.kind} of ${record.dn}.`);
      this.#manner.add(testCaller, parseDn(record.dn), record.attributes);
      count += 1;
    }
    return count;
  }

  /** The entries below the base as LDIF, parents first, with the attributes a search with `*` shows. */
  async toLdif(): Promise<string> {
    const manner = this.#manner;
    const head = manner.locate(testCaller, manner.baseDn, []);
    const parts: string[] = [];
    for await (const part of writeLdif(records(manner, head))) parts.push(part);
    return parts.join('');
  }

  #snapshotOf(entry: DirectoryEntry): EntrySnapshot {
    const shown = this.#manner.read(entry, { attributes: ['*', '+'], typesOnly: false, controls: [] });
    const attributes: Record<string, string[]> = {};
    for (const { type, values } of shown) attributes[type] = values.map(toText).sort();
    return { dn: entry.dn, attributes };
  }
}

function* records(manner: DirectoryManner, head: DirectoryEntry): Generator<LdifEntry, void, undefined> {
  const selection = { attributes: ['*'], typesOnly: false, controls: [] };
  for (const entry of manner.store.subtree(head)) {
    if (!manner.isVisible(testCaller, entry, [])) continue;
    yield { kind: 'entry', dn: entry.dn, attributes: manner.read(entry, selection) };
  }
}

function toValues(attributes: AttributesInput): AttributeValues<Buffer>[] {
  return Object.entries(attributes).map(([type, values]) => ({
    type,
    values: (isList(values) ? values : [values]).map((value) =>
      typeof value === 'string' ? utf8(value) : Buffer.from(value),
    ),
  }));
}

function isList(values: ValueInput): values is readonly (string | Uint8Array)[] {
  return Array.isArray(values);
}

function toText(value: Buffer): string {
  const text = value.toString();
  return text.includes('\ufffd') || text.includes('\u0000') ? `base64:${value.toString('base64')}` : text;
}
