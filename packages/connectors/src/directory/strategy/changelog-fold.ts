import { PositionLost } from '@sallyport/engine';
import { LdapTextError, type Modification, parseChangedModifications, readDn } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { dnReference } from '../group/reference.ts';
import type { AttributeRelevance } from './attribute-relevance.ts';
import type { ChangeRecord } from './changelog-record.ts';
import type { MemberChange } from './member-deltas.ts';

/** More objects than this are read faster in full than key by key. */
const MAX_OBJECTS = 100_000;

/** What a stretch of the changelog says of one object. */
export interface LoggedObject {
  readonly key: string | undefined;
  /** Where it was last. */
  readonly dn: string;
  readonly isDeleted: boolean;
  readonly isNew: boolean;
  readonly isRenamed: boolean;
  /** Something beside the values below: the object has to be read. */
  readonly more: boolean;
  readonly members: readonly MemberChange[];
}

/** Where the rule's business is; everything outside its naming context is nobody's. */
type FoldedPlaces = Pick<DirectoryContext, 'namingContext' | 'scope' | 'groupScope'>;

interface FoldedObject extends LoggedObject {
  readonly members: MemberChange[];
}

/**
 * A stretch of the changelog, folded to one line for each object. Objects are known by their entryUUID or, where the
 * server does not log it, by their DN, which is followed through renames of the object and of what is above it.
 */
export class ChangelogFold {
  readonly #context: FoldedPlaces;
  readonly #relevance: AttributeRelevance;
  readonly #objects = new Map<string, FoldedObject>();
  #namelessDeletions = 0;

  constructor(context: FoldedPlaces, relevance: AttributeRelevance) {
    this.#context = context;
    this.#relevance = relevance;
  }

  get objects(): readonly LoggedObject[] {
    return [...this.#objects.values()];
  }

  /** Deletions below the rule's bases of which the log does not say what was deleted. */
  get namelessDeletions(): number {
    return this.#namelessDeletions;
  }

  add(record: ChangeRecord): void {
    const { key, newDn, targetDn, type } = record;
    const place = readDn(targetDn);
    if (place?.isWithin(this.#context.namingContext) !== true) return;
    const id = key ?? dnReference(targetDn);
    const before = this.#objects.get(id);
    if (type === 'delete' && key === undefined) {
      this.#objects.delete(id);
      const { groupScope, scope } = this.#context;
      if (place.isWithin(scope.base) || place.isWithin(groupScope.base)) this.#namelessDeletions += 1;
      return;
    }
    const { more, members } =
      type === 'modify' ? this.#readModify(record) : { more: type !== 'delete', members: [] };
    // Noise, such as what a plug-in keeps on its own account; nothing was known of the object and nothing has to be.
    if (before === undefined && !more && members.length === 0 && type !== 'delete') return;
    if (key === undefined && type === 'modrdn') this.#moveBelow(targetDn, newDn);
    this.#objects.delete(id);
    // After its deletion a server may still log what plug-ins did to the entry; only an add brings it back.
    const isDeleted = type === 'delete' || (type !== 'add' && (before?.isDeleted ?? false));
    const soFar = before?.members ?? [];
    for (const change of members) soFar.push(change);
    this.#objects.set(key ?? dnReference(newDn), {
      key,
      dn: newDn,
      isDeleted,
      isNew: type === 'add' || (before?.isNew ?? false),
      isRenamed: type === 'modrdn' || (before?.isRenamed ?? false),
      more: more || (before?.more ?? false),
      members: more || before?.more ? [] : soFar,
    });
    if (this.#objects.size > MAX_OBJECTS)
      throw new PositionLost(
        `more than ${MAX_OBJECTS} objects changed since the last look: reading everything costs less`,
      );
  }

  #readModify(record: ChangeRecord): { more: boolean; members: readonly MemberChange[] } {
    if (record.changes === undefined || record.isPared) return { more: true, members: [] };
    let modifications: readonly Modification<Buffer>[];
    try {
      modifications = parseChangedModifications(record.changes);
    } catch (error) {
      // What cannot be read, or is longer than we read, is a hint like any other.
      if (error instanceof LdapTextError) return { more: true, members: [] };
      throw error;
    }
    const members: MemberChange[] = [];
    for (const { operation, type, values } of modifications) {
      const reference = this.#relevance.memberReference(type);
      if (reference === undefined) {
        if (this.#relevance.isRelevant(type)) return { more: true, members: [] };
      } else if ((operation === 'add' || operation === 'delete') && values.length > 0)
        for (const bytes of values) {
          const value = bytes.toString('utf8');
          members.push({ reference: reference(value), value, came: operation === 'add' });
        }
      else return { more: true, members: [] };
    }
    return { more: false, members };
  }

  /** Objects known by their DN alone move with what is above them. */
  #moveBelow(from: string, to: string): void {
    const old = readDn(from);
    const now = readDn(to);
    if (old === undefined || now === undefined) return;
    for (const [id, object] of [...this.#objects]) {
      const dn = object.key === undefined ? readDn(object.dn) : undefined;
      if (dn?.isDescendantOf(old) !== true) continue;
      const moved = dn.rebase(old, now)?.toString() ?? object.dn;
      this.#objects.delete(id);
      this.#objects.set(dnReference(moved), { ...object, dn: moved });
    }
  }
}
