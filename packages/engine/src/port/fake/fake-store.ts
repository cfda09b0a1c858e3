import type { ObjectAttributes, ObjectType } from '@sallyport/model';
import type {
  HeldList,
  HeldMember,
  JournalEntry,
  Link,
  MemberLink,
  PendingMember,
  RunProgress,
  StateTransaction,
  SyncState,
} from '../sync-state.ts';
import type { TargetMember, TargetObject, TargetPort, TargetWrite, TargetWriteResult } from '../target.ts';
import { ATTRIBUTES, NAMES, nameOf } from './fake-attributes.ts';
import { copyOf, type Data, emptyData, membersOf } from './fake-data.ts';
import { dropMember, writeMembership } from './fake-memberships.ts';
import { makeFakeTransaction } from './fake-transaction.ts';

// Longer than a page: one store with all that the two ports promise of it, easier to trust in one piece.

/** A transaction's own copy of the data; the target finds it by the transaction it is handed. */
const drafts = new WeakMap<StateTransaction, Data>();

/**
 * Identity store and sync state in memory, with real transactions: a draft replaces the committed data at the end or not
 * at all, and reads see committed data only. `point` is awaited at every step, so that tests can kill the run there.
 */
export class FakeStore {
  #data: Data = emptyData();
  #ids = 0;
  #queue: Promise<unknown> = Promise.resolve();
  point: (step: string) => Promise<void> = async () => undefined;
  /** Usernames the target refuses, with a conflict or without. */
  refuses = new Map<string, { readonly code: string; readonly conflict: boolean }>();
  /** Answers lost on the way back from a remote target. */
  answersLost: (write: TargetWrite) => 'before' | 'after' | undefined = () => undefined;
  /** Memberships the target refuses. */
  refusesMember: (groupId: string, member: TargetMember) => string | undefined = () => undefined;
  /** Objects that other rules own, with the names of those. */
  heldByOthers: ReadonlyMap<string, string> | undefined;
  /** Calls that read memberships or links by reference, and how many each was asked for. */
  readonly asked: { readonly what: string; readonly count: number }[] = [];
  writes = 0;
  transactions = 0;

  get users(): readonly TargetObject[] {
    return [...this.#data.objects.user.values()];
  }

  get groups(): readonly TargetObject[] {
    return [...this.#data.objects.group.values()];
  }

  group(name: string): TargetObject | undefined {
    return this.groups.find((group) => group.attributes.name?.[0] === name);
  }

  /** Names of the members of a group, by its name. */
  members(groupName: string): readonly string[] {
    const group = this.group(groupName);
    if (group === undefined) throw new Error(`no group ${groupName}`);
    return [...membersOf(this.#data, group.id).values()]
      .map(({ objectType, id }) => nameOf(objectType, this.#data.objects[objectType].get(id)))
      .sort();
  }

  get pending(): readonly PendingMember[] {
    return [...this.#data.pending.values()];
  }

  get heldMembers(): readonly HeldMember[] {
    return this.#data.heldMembers.members;
  }

  /** Somebody else puts a member into a group, or takes one out. */
  editMembers(
    groupId: string,
    change: { readonly add?: TargetMember; readonly remove?: TargetMember },
  ): void {
    const added = change.add === undefined ? [] : [change.add];
    const removed = change.remove === undefined ? [] : [change.remove];
    writeMembership(this.#data, { groupId, added, removed }, () => undefined);
  }

  user(username: string): TargetObject | undefined {
    return this.users.find((user) => user.attributes.username?.[0] === username);
  }

  get links(): readonly Link[] {
    return [...this.#data.links.values()];
  }

  link(sourceKey: string): Link | undefined {
    return this.links.find((link) => link.sourceKey === sourceKey);
  }

  get journal(): readonly (JournalEntry & { readonly runId: string })[] {
    return this.#data.journal;
  }

  get runs(): readonly RunProgress[] {
    return [...this.#data.runs.values()];
  }

  get held(): HeldList | undefined {
    return this.#data.held.get('user');
  }

  heldOf(objectType: ObjectType): HeldList | undefined {
    return this.#data.held.get(objectType);
  }

  /** Everything stored, as one comparable text. */
  content(): string {
    return JSON.stringify(this.#data, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
  }

  /** A write by somebody else. */
  edit(id: string, change: Partial<Pick<TargetObject, 'active' | 'attributes'>> | 'delete'): void {
    const objectType = this.#data.objects.user.has(id) ? 'user' : 'group';
    const objects = this.#data.objects[objectType];
    const object = objects.get(id);
    if (object === undefined) throw new Error(`no object ${id}`);
    if (change === 'delete') {
      objects.delete(id);
      dropMember(this.#data, { objectType, id });
    } else objects.set(id, { ...object, ...change, version: this.#data.nextVersion++ });
  }

  add(attributes: ObjectAttributes, active = true, objectType: ObjectType = 'user'): string {
    const id = this.#newId();
    this.#data.objects[objectType].set(id, { id, version: this.#data.nextVersion++, active, attributes });
    return id;
  }

  #newId(): string {
    this.#ids += 1;
    return `t${this.#ids}`;
  }

  state(): SyncState {
    const read = async <T>(step: string, answer: (data: Data) => T): Promise<T> => {
      await this.point(step);
      const made = answer(this.#data);
      await this.point(`${step} answered`);
      return made;
    };
    const ofType = (data: Data, objectType: ObjectType): readonly Link[] =>
      [...data.links.values()]
        .filter((link) => link.objectType === objectType)
        .sort((a, b) => a.number - b.number);
    return {
      linksByKeys: (type, keys) =>
        read('linksByKeys', (data) => {
          const wanted = new Set(keys);
          return new Map(
            ofType(data, type)
              .filter((link) => wanted.has(link.sourceKey))
              .map((link) => [link.sourceKey, link]),
          );
        }),
      linksByTargets: (type, ids) =>
        read('linksByTargets', (data) => {
          const wanted = new Set(ids);
          return new Map(
            ofType(data, type).flatMap((link) =>
              link.targetId !== undefined && wanted.has(link.targetId)
                ? [[link.targetId, link] as const]
                : [],
            ),
          );
        }),
      scanLinks: (type, after, limit) =>
        read('scanLinks', (data) =>
          ofType(data, type)
            .filter((link) => link.number > after)
            .slice(0, limit),
        ),
      linkNumbers: (type, after, limit) =>
        read('linkNumbers', (data) =>
          ofType(data, type)
            .map((link) => link.number)
            .filter((number) => number > after)
            .slice(0, limit),
        ),
      linksByNumbers: (numbers) =>
        read('linksByNumbers', (data) =>
          numbers.flatMap((number) => {
            const link = data.links.get(number);
            return link === undefined ? [] : [link];
          }),
        ),
      countLinked: (type) =>
        read(
          'countLinked',
          (data) =>
            ofType(data, type).filter((link) => link.targetId !== undefined && link.presence === 'inScope')
              .length,
        ),
      dueDeletions: (type, now, limit) =>
        read('dueDeletions', (data) =>
          ofType(data, type)
            .filter((link) => link.deleteAfter !== undefined && link.deleteAfter < now)
            .slice(0, limit),
        ),
      position: () => read('position', (data) => data.position),
      lastFullRead: (type) => read('lastFullRead', (data) => data.lastFullRead.get(type)),
      held: (type) => read('held', (data) => data.held.get(type)),
      runs: (runIds) =>
        read('runs', (data) => [...data.runs.values()].filter(({ runId }) => runIds.includes(runId))),
      removedSince: (type, since) =>
        read('removedSince', (data) =>
          data.removals
            .filter(({ at, objectType }) => objectType === type && at >= since)
            .reduce((sum, { count }) => sum + count, 0),
        ),
      membersRemovedSince: (groupLinks, since) =>
        read('membersRemovedSince', (data) => {
          const counts = new Map<number, number>();
          for (const { groupLink, at, count } of data.memberRemovals)
            if (at >= since && groupLinks.includes(groupLink))
              counts.set(groupLink, (counts.get(groupLink) ?? 0) + count);
          return counts;
        }),
      linksByReferences: (references) =>
        read('linksByReferences', (data) => {
          this.asked.push({ what: 'linksByReferences', count: references.length });
          const wanted = new Set(references);
          const found = new Map<string, MemberLink[]>();
          for (const { number, objectType, sourceKey, place, targetId, presence } of data.links.values()) {
            const own = data.references.get(number);
            if (own === undefined || presence === 'deleted') continue;
            const link = { number, objectType, sourceKey, place, targetId };
            if (own.reference !== undefined && wanted.has(own.reference)) push(found, own.reference, link);
            for (const other of own.others)
              if (wanted.has(other)) push(found, other, { ...link, byOther: true });
          }
          return found;
        }),
      pendingByReferences: (references) =>
        read('pendingByReferences', (data) => {
          const wanted = new Set(references);
          return pendingRows(data).filter(({ reference }) => wanted.has(reference));
        }),
      countPending: (groupLinks) =>
        read('countPending', (data) => {
          const wanted = new Set(groupLinks);
          const counts = new Map<number, number>();
          for (const { groupLink } of data.pending.values())
            if (wanted.has(groupLink)) counts.set(groupLink, (counts.get(groupLink) ?? 0) + 1);
          return counts;
        }),
      pendingOf: (groupLink, after, limit) =>
        read('pendingOf', (data) =>
          pendingRows(data)
            .flatMap((one) => (one.groupLink === groupLink && one.reference > after ? [one.reference] : []))
            .sort()
            .slice(0, limit),
        ),
      pendingWithLinks: (after, limit) =>
        read('pendingWithLinks', (data) => {
          const known = new Set<string>();
          for (const { reference, others } of data.references.values()) {
            if (reference !== undefined) known.add(reference);
            for (const other of others) known.add(other);
          }
          const rows = [...data.pending.values()].filter(({ number }) => number > after).slice(0, limit);
          return {
            pending: rows
              .filter(({ reference }) => known.has(reference))
              .map(({ groupLink, reference }) => ({ groupLink, reference })),
            next: rows.length < limit ? undefined : rows.at(-1)?.number,
          };
        }),
      heldMembers: () =>
        read('heldMembers', ({ heldMembers }) =>
          heldMembers.members.length === 0 ? undefined : heldMembers,
        ),
      appliedDigest: () => read('appliedDigest', (data) => data.digest),
      transaction: (work) => {
        const done = this.#queue.then(() => this.#transact(work));
        this.#queue = done.catch(() => undefined);
        return done;
      },
    };
  }

  async #transact<T>(work: (tx: StateTransaction) => Promise<T>): Promise<T> {
    await this.point('transaction');
    const draft = copyOf(this.#data);
    const tx = makeFakeTransaction(draft, (step) => this.point(step));
    drafts.set(tx, draft);
    const made = await work(tx);
    await this.point('commit');
    this.#data = draft;
    this.transactions += 1;
    await this.point('committed');
    return made;
  }

  target(inTransaction = true): TargetPort {
    return {
      inTransaction,
      attribute: (type, name) => ATTRIBUTES[type].get(name),
      attributeNames: (type) => [...ATTRIBUTES[type].keys()],
      versions: async (type, ids) => {
        await this.point('versions');
        return new Map(
          ids.flatMap((id) => {
            const object = this.#data.objects[type].get(id);
            return object === undefined ? [] : [[id, object.version] as const];
          }),
        );
      },
      readMany: async (type, ids) => {
        await this.point('readMany');
        return new Map(
          ids.flatMap((id) => {
            const object = this.#data.objects[type].get(id);
            return object === undefined ? [] : [[id, object] as const];
          }),
        );
      },
      match: async (type, name, values) => {
        await this.point('match');
        const wanted = new Map(values.map((value) => [value.toLowerCase(), value]));
        const found = new Map<string, TargetObject[]>();
        for (const object of this.#data.objects[type].values()) {
          const asked = wanted.get(object.attributes[name]?.[0]?.toLowerCase() ?? '');
          if (asked !== undefined) found.set(asked, [...(found.get(asked) ?? []), object]);
        }
        return found;
      },
      apply: async (type, writes, tx) => {
        await this.point('apply');
        const data = tx === undefined ? this.#data : drafts.get(tx);
        if (data === undefined) throw new Error('the transaction is over');
        const results: TargetWriteResult[] = [];
        const together = inTransaction ? renamedTogether(data, type, writes) : undefined;
        for (const write of writes) {
          if (!inTransaction) await this.point('remote write');
          results.push(this.#applyOne(data, type, write, together?.has(write) === true));
        }
        await this.point('applied');
        return results;
      },
      newId: () => this.#newId(),
      ...(this.heldByOthers === undefined
        ? {}
        : { heldByOthers: async () => this.heldByOthers ?? new Map<string, string>() }),
      memberships: {
        members: async (groupId, objectType, after, limit) => {
          await this.point('members');
          this.asked.push({ what: `members of ${groupId}`, count: 1 });
          return [...membersOf(this.#data, groupId).values()]
            .flatMap((one) => (one.objectType === objectType && one.id > after ? [one.id] : []))
            .sort()
            .slice(0, limit);
        },
        membersAmong: async (groupId, members) => {
          await this.point('membersAmong');
          const own = membersOf(this.#data, groupId);
          return members.filter(({ objectType, id }) => own.has(`${objectType} ${id}`));
        },
        groupsOf: async (objectType, ids) => {
          await this.point('groupsOf');
          const found = new Map<string, string[]>();
          const wanted = new Set(ids);
          for (const [groupId, members] of this.#data.members)
            for (const one of members.values())
              if (one.objectType === objectType && wanted.has(one.id)) push(found, one.id, groupId);
          return found;
        },
        write: async (writes, tx) => {
          await this.point('write members');
          const data = tx === undefined ? this.#data : drafts.get(tx);
          if (data === undefined) throw new Error('the transaction is over');
          const results = writes.map((write) => {
            this.writes += 1;
            return writeMembership(data, write, (member) => this.refusesMember(write.groupId, member));
          });
          await this.point('members written');
          return results;
        },
      },
    };
  }

  #applyOne(data: Data, type: ObjectType, write: TargetWrite, nameIsFree: boolean): TargetWriteResult {
    const lost: TargetWriteResult = {
      ok: false,
      code: 'TIMEOUT',
      message: 'no answer',
      conflict: false,
      unknown: true,
    };
    const when = this.answersLost(write);
    if (when === 'before') return lost;
    const result = this.#write(data, type, write, nameIsFree);
    return when === 'after' ? lost : result;
  }

  #write(data: Data, type: ObjectType, write: TargetWrite, nameIsFree: boolean): TargetWriteResult {
    const version = data.nextVersion;
    const objects = data.objects[type];
    if (write.kind === 'delete') {
      if (!objects.delete(write.id))
        return { ok: false, code: 'NOT_FOUND', message: `no such ${type}`, conflict: false };
      data.nextVersion += 1;
      dropMember(data, { objectType: type, id: write.id });
      this.writes += 1;
      return { ok: true, version };
    }
    const old = objects.get(write.id);
    if (write.kind === 'update' && old === undefined)
      return { ok: false, code: 'NOT_FOUND', message: `no such ${type}`, conflict: false };
    const attributes: Record<string, readonly string[]> =
      write.kind === 'create' ? { ...write.attributes } : { ...old?.attributes };
    if (write.kind === 'update')
      for (const change of write.changes) {
        if (change.after.length > 0) attributes[change.attribute] = change.after;
        else delete attributes[change.attribute];
      }
    const username = attributes[NAMES[type]]?.[0]?.toLowerCase() ?? '';
    const refusal = this.refuses.get(username);
    if (refusal !== undefined) return { ok: false, message: `will not take ${username}`, ...refusal };
    for (const user of objects.values())
      if (!nameIsFree && user.id !== write.id && nameOf(type, user).toLowerCase() === username)
        return {
          ok: false,
          code: 'UNIQUENESS',
          message: `${NAMES[type]} ${username} belongs to ${user.id}`,
          conflict: true,
        };
    const active = write.active ?? old?.active ?? true;
    objects.set(write.id, { id: write.id, version, active, attributes });
    data.nextVersion += 1;
    this.writes += 1;
    const overtaken =
      write.kind === 'update' && write.version !== undefined && write.version !== old?.version;
    return overtaken ? { ok: true, version, overtaken } : { ok: true, version };
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [value]);
  else own.push(value);
}

function pendingRows(data: Data): readonly PendingMember[] {
  return [...data.pending.values()].map(({ groupLink, reference }) => ({ groupLink, reference }));
}

/** Renames of one batch that can all happen together, as the identity store does them: names are released before they are taken. */
function renamedTogether(
  data: Data,
  type: ObjectType,
  writes: readonly TargetWrite[],
): ReadonlySet<TargetWrite> {
  const wanted = new Map<TargetWrite, { readonly id: string; readonly name: string }>();
  for (const write of writes) {
    if (write.kind !== 'update') continue;
    const name = write.changes.find((change) => change.attribute === NAMES[type])?.after[0]?.toLowerCase();
    if (name !== undefined) wanted.set(write, { id: write.id, name });
  }
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    const leaving = new Set([...wanted.values()].map(({ id }) => id));
    const taken = new Set(
      [...data.objects[type].values()]
        .filter(({ id }) => !leaving.has(id))
        .map((object) => nameOf(type, object).toLowerCase()),
    );
    for (const [write, { name }] of wanted)
      if (taken.has(name)) wanted.delete(write);
      else taken.add(name);
  }
  return new Set(wanted.keys());
}
