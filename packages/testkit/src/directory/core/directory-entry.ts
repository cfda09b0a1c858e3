import type { Rdn } from '@sallyport/ldap';

/** An attribute as stored. No values = it was there once: change feeds must report its removal. */
export interface StoredAttribute {
  /** As the schema spells it. */
  readonly name: string;
  readonly values: readonly Buffer[];
  /** Sequence number of the change that made it so. */
  readonly sequence: number;
}

/** One value of a linked attribute. `present: false` = removed; kept so that change feeds can report the removal. */
export interface LinkState {
  readonly present: boolean;
  readonly sequence: number;
}

/** An entry of the tree. Changed only through `EntryStore`, which keeps the indexes in step. */
export class DirectoryEntry {
  /** Rises in order of creation. */
  readonly id: number;
  /** By lower-case name. */
  readonly attributes = new Map<string, StoredAttribute>();
  /** Forward links by lower-case attribute name. The target is the entry itself, so its renames need no upkeep. */
  readonly links = new Map<string, Map<DirectoryEntry, LinkState>>();
  /** Entries that link here, by lower-case name of the forward attribute. */
  readonly backLinks = new Map<string, Set<DirectoryEntry>>();
  /** By normal RDN. */
  readonly children = new Map<string, DirectoryEntry>();
  parent: DirectoryEntry | undefined;
  rdn: Rdn;
  /** Set for the head of a naming context, whose name is not made of its parent's. */
  readonly contextDn: string | undefined;
  createdSequence = 0;
  changedSequence = 0;
  changedAtMs = 0;
  /** No longer in the tree. */
  removed = false;
  /** In the clear, which is fit for a test directory only; never readable over LDAP. */
  password: string | undefined;

  constructor(id: number, rdn: Rdn, parent: DirectoryEntry | undefined, contextDn?: string) {
    this.id = id;
    this.rdn = rdn;
    this.parent = parent;
    this.contextDn = contextDn;
  }

  /** The name as it is now. */
  get dn(): string {
    if (this.contextDn !== undefined) return this.contextDn;
    return this.parent === undefined ? this.rdn.text : `${this.rdn.text},${this.parent.dn}`;
  }

  /** Head of the naming context this entry lies in. */
  get context(): DirectoryEntry {
    return this.contextDn !== undefined || this.parent === undefined ? this : this.parent.context;
  }

  get depth(): number {
    return this.parent === undefined ? 0 : this.parent.depth + 1;
  }

  /** Stored values, none if absent. */
  values(key: string): readonly Buffer[] {
    return this.attributes.get(key)?.values ?? [];
  }

  /** The first stored value as text. */
  text(key: string): string | undefined {
    return this.attributes.get(key)?.values[0]?.toString();
  }

  /** Whether `ancestor` is this entry or lies above it, within or across naming contexts. */
  isWithin(ancestor: DirectoryEntry): boolean {
    for (let entry: DirectoryEntry | undefined = this; entry !== undefined; entry = entry.parent) {
      if (entry === ancestor) return true;
    }
    return false;
  }

  *linkTargets(key: string): Generator<DirectoryEntry, void, undefined> {
    for (const [target, state] of this.links.get(key) ?? []) if (state.present) yield target;
  }
}
