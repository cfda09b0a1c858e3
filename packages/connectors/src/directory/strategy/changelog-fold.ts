import { PositionLost } from '@sallyport/engine';
import {
  type Dn,
  LdapTextError,
  type Modification,
  parseChangedModifications,
  readDn,
} from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { dnReference, memberReference } from '../group/reference.ts';
import type { AttributeRelevance } from './attribute-relevance.ts';
import type { ChangeRecord } from './changelog-record.ts';
import type { MemberChange } from './member-deltas.ts';

/** More objects than this are read faster in full than key by key. */
const MAX_OBJECTS = 100_000;

/** Renames times leavers that are worth going through. */
const MAX_COMPARISONS = 50_000_000;

/** What a stretch of the changelog says of one object. */
export interface LoggedObject {
  readonly key: string | undefined;
  /** Where it was last. */
  readonly dn: string;
  readonly isDeleted: boolean;
  readonly isNew: boolean;
  readonly isRenamed: boolean;
  /** Made, renamed, or changed in what decides about the scope. */
  readonly mayArrive: boolean;
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
  /** Groups by the references of those who went from them. */
  readonly #left = new Map<string, Set<FoldedObject>>();
  #namelessDeletions = 0;
  #comparisons = 0;

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
    const { mayArrive, more, members } =
      type === 'modify'
        ? this.#readModify(record)
        : { mayArrive: type !== 'delete', more: type !== 'delete', members: [] };
    // Noise, such as what a plug-in keeps on its own account; nothing was known of the object and nothing has to be.
    if (before === undefined && !more && members.length === 0 && type !== 'delete') return;
    if (type === 'modrdn') {
      this.#renameThoseWhoLeft(place, newDn);
      if (key === undefined) this.#moveBelow(place, newDn);
    }
    this.#objects.delete(id);
    // After its deletion a server may still log what plug-ins did to the entry; only an add brings it back.
    const isDeleted = type === 'delete' || (type !== 'add' && (before?.isDeleted ?? false));
    const isWhole = more || (before?.more ?? false);
    const object: FoldedObject = {
      key,
      dn: newDn,
      isDeleted,
      isNew: type === 'add' || (before?.isNew ?? false),
      isRenamed: type === 'modrdn' || (before?.isRenamed ?? false),
      mayArrive: mayArrive || (before?.mayArrive ?? false),
      more: isWhole,
      members: isWhole ? [] : (before?.members ?? []),
    };
    this.#objects.set(key ?? dnReference(newDn), object);
    if (!isWhole) for (const change of members) this.#addMember(object, change);
    if (this.#objects.size > MAX_OBJECTS)
      throw new PositionLost(
        `more than ${MAX_OBJECTS} objects changed since the last look: reading everything costs less`,
      );
  }

  #readModify(record: ChangeRecord): {
    mayArrive: boolean;
    more: boolean;
    members: readonly MemberChange[];
  } {
    const unread = { mayArrive: true, more: true, members: [] };
    if (record.changes === undefined || record.isPared) return unread;
    let modifications: readonly Modification<Buffer>[];
    try {
      modifications = parseChangedModifications(record.changes);
    } catch (error) {
      // What cannot be read, or is longer than we read, is a hint like any other.
      if (error instanceof LdapTextError) return unread;
      throw error;
    }
    const mayArrive = modifications.some(({ type }) => this.#relevance.decidesScope(type));
    const members: MemberChange[] = [];
    for (const { operation, type, values } of modifications) {
      if (!this.#relevance.holdsMembers(type)) {
        if (this.#relevance.isRelevant(type)) return { mayArrive, more: true, members: [] };
      } else if ((operation === 'add' || operation === 'delete') && values.length > 0)
        for (const bytes of values) {
          const value = bytes.toString('utf8');
          members.push({ reference: memberReference(value), value, came: operation === 'add' });
        }
      else return { mayArrive, more: true, members: [] };
    }
    return { mayArrive, more: false, members };
  }

  #addMember(group: FoldedObject, change: MemberChange): void {
    group.members.push(change);
    if (change.came) return;
    const groups = this.#left.get(change.reference) ?? new Set();
    this.#left.set(change.reference, groups.add(group));
  }

  /**
   * The log has the name that somebody bore when they went from a group. Who is renamed after that is known by another
   * name by the time that this is told; it goes from the group under that one too.
   */
  #renameThoseWhoLeft(old: Dn, to: string): void {
    const now = readDn(to);
    if (now === undefined || this.#left.size === 0) return;
    this.#comparisons += this.#left.size;
    if (this.#comparisons > MAX_COMPARISONS)
      throw new PositionLost(
        'so many were renamed and left groups since the last look that reading everything costs less',
      );
    const own = `dn:${old.normal}`;
    const below = `,${old.normal}`;
    for (const [reference, groups] of [...this.#left]) {
      if (reference !== own && !reference.endsWith(below)) continue;
      // Nobody has this name any more; whoever takes it has left nothing.
      this.#left.delete(reference);
      for (const group of groups) {
        const last = group.members.findLast((change) => change.reference === reference);
        const value =
          last === undefined || last.came ? undefined : readDn(last.value)?.rebase(old, now)?.toString();
        if (value !== undefined)
          this.#addMember(group, { reference: dnReference(value), value, came: false });
      }
    }
  }

  /** Objects known by their DN alone move with what is above them. */
  #moveBelow(old: Dn, to: string): void {
    const now = readDn(to);
    if (now === undefined) return;
    for (const [id, object] of [...this.#objects]) {
      const dn = object.key === undefined ? readDn(object.dn) : undefined;
      if (dn?.isDescendantOf(old) !== true) continue;
      const moved = dn.rebase(old, now)?.toString() ?? object.dn;
      this.#objects.delete(id);
      this.#objects.set(dnReference(moved), { ...object, dn: moved });
    }
  }
}
