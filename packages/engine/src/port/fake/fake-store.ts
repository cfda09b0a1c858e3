import type { ObjectAttributes, ObjectType } from '@sallyport/model';
import type { Position } from '../source.ts';
import type {
  HeldList,
  JournalEntry,
  LastFullRead,
  Link,
  LinkWrite,
  RunProgress,
  StateTransaction,
  SyncState,
} from '../sync-state.ts';
import type { TargetAttribute, TargetObject, TargetPort, TargetWrite, TargetWriteResult } from '../target.ts';

interface Data {
  readonly links: Map<number, Link>;
  readonly users: Map<string, TargetObject>;
  readonly journal: (JournalEntry & { readonly runId: string })[];
  readonly runs: Map<string, RunProgress>;
  position: Position | undefined;
  lastFullRead: LastFullRead | undefined;
  digest: string | undefined;
  held: HeldList | undefined;
  readonly removals: { readonly at: number; readonly count: number }[];
  nextLink: number;
  nextVersion: number;
}

function attribute(name: string, extra: Partial<TargetAttribute> = {}): TargetAttribute {
  return {
    name,
    required: false,
    multiValued: false,
    comparison: 'exact',
    kind: 'plain',
    fault: () => undefined,
    ...extra,
  };
}

const ATTRIBUTES = new Map(
  [
    attribute('username', { required: true, comparison: 'ignoreCase' }),
    attribute('email', {
      fault: (values) =>
        values.every((value) => value.includes('@')) ? undefined : `not an address: ${values[0]}`,
    }),
    attribute('name.family'),
    attribute('phones', { multiValued: true, comparison: 'unordered' }),
    attribute('password'),
    attribute('enabled', { kind: 'active' }),
  ].map((one) => [one.name, one]),
);

/** A transaction's own copy of the data; the target finds it by the transaction it is handed. */
const drafts = new WeakMap<StateTransaction, Data>();

/**
 * Identity store and sync state in memory, with real transactions: a draft replaces the committed data at the end or not
 * at all, and reads see committed data only. `point` is awaited at every step, so that tests can kill the run there.
 */
export class FakeStore {
  #data: Data = {
    links: new Map(),
    users: new Map(),
    journal: [],
    runs: new Map(),
    position: undefined,
    lastFullRead: undefined,
    digest: undefined,
    held: undefined,
    removals: [],
    nextLink: 1,
    nextVersion: 1,
  };
  #ids = 0;
  #queue: Promise<unknown> = Promise.resolve();
  point: (step: string) => Promise<void> = async () => undefined;
  /** Usernames the target refuses, with a conflict or without. */
  refuses = new Map<string, { readonly code: string; readonly conflict: boolean }>();
  /** Answers lost on the way back from a remote target. */
  answersLost: (write: TargetWrite) => 'before' | 'after' | undefined = () => undefined;
  writes = 0;
  transactions = 0;

  get users(): readonly TargetObject[] {
    return [...this.#data.users.values()];
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
    return this.#data.held;
  }

  /** Everything stored, as one comparable text. */
  content(): string {
    const { links, users, journal, runs, ...rest } = this.#data;
    return JSON.stringify([[...links], [...users], journal, [...runs], rest]);
  }

  /** A write by somebody else. */
  edit(id: string, change: Partial<Pick<TargetObject, 'active' | 'attributes'>> | 'delete'): void {
    const user = this.#data.users.get(id);
    if (user === undefined) throw new Error(`no user ${id}`);
    if (change === 'delete') this.#data.users.delete(id);
    else this.#data.users.set(id, { ...user, ...change, version: this.#data.nextVersion++ });
  }

  add(attributes: ObjectAttributes, active = true): string {
    const id = this.#newId();
    this.#data.users.set(id, { id, version: this.#data.nextVersion++, active, attributes });
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
      lastFullRead: () => read('lastFullRead', (data) => data.lastFullRead),
      held: () => read('held', (data) => data.held),
      removedSince: (_type, since) =>
        read('removedSince', (data) =>
          data.removals.filter(({ at }) => at >= since).reduce((sum, { count }) => sum + count, 0),
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
    const draft: Data = {
      ...this.#data,
      links: new Map(this.#data.links),
      users: new Map(this.#data.users),
      journal: [...this.#data.journal],
      removals: [...this.#data.removals],
      runs: new Map(this.#data.runs),
    };
    const tx = this.#transaction(draft);
    drafts.set(tx, draft);
    const made = await work(tx);
    await this.point('commit');
    this.#data = draft;
    this.transactions += 1;
    await this.point('committed');
    return made;
  }

  #transaction(draft: Data): StateTransaction {
    const write = async <T>(step: string, change: () => T): Promise<T> => {
      await this.point(step);
      return change();
    };
    return {
      saveLinks: (links) => write('saveLinks', () => links.map((link) => saveLink(draft, link))),
      removeLinks: (numbers) =>
        write('removeLinks', () => {
          for (const number of numbers) draft.links.delete(number);
        }),
      appendJournal: (runId, entries) =>
        write('appendJournal', () => {
          for (const entry of entries) draft.journal.push({ ...entry, runId });
        }),
      savePosition: (position) =>
        write('savePosition', () => {
          draft.position = position;
        }),
      saveRun: (progress) =>
        write('saveRun', () => {
          draft.runs.set(progress.runId, progress);
        }),
      saveLastFullRead: (_type, read, digest) =>
        write('saveLastFullRead', () => {
          draft.lastFullRead = read;
          draft.digest = digest;
        }),
      saveHeld: (runId, _type, removals) =>
        write('saveHeld', () => {
          draft.held = { runId, removals };
        }),
      clearHeld: () =>
        write('clearHeld', () => {
          draft.held = undefined;
        }),
      recordRemovals: (_type, at, count) =>
        write('recordRemovals', () => {
          draft.removals.push({ at, count });
        }),
    };
  }

  target(inTransaction = true): TargetPort {
    return {
      inTransaction,
      attribute: (_type, name) => ATTRIBUTES.get(name),
      attributeNames: () => [...ATTRIBUTES.keys()],
      versions: async (_type, ids) => {
        await this.point('versions');
        return new Map(
          ids.flatMap((id) => {
            const user = this.#data.users.get(id);
            return user === undefined ? [] : [[id, user.version] as const];
          }),
        );
      },
      readMany: async (_type, ids) => {
        await this.point('readMany');
        return new Map(
          ids.flatMap((id) => {
            const user = this.#data.users.get(id);
            return user === undefined ? [] : [[id, user] as const];
          }),
        );
      },
      match: async (_type, name, values) => {
        await this.point('match');
        const wanted = new Map(values.map((value) => [value.toLowerCase(), value]));
        const found = new Map<string, TargetObject[]>();
        for (const user of this.#data.users.values()) {
          const asked = wanted.get(user.attributes[name]?.[0]?.toLowerCase() ?? '');
          if (asked !== undefined) found.set(asked, [...(found.get(asked) ?? []), user]);
        }
        return found;
      },
      apply: async (_type, writes, tx) => {
        await this.point('apply');
        const data = tx === undefined ? this.#data : drafts.get(tx);
        if (data === undefined) throw new Error('the transaction is over');
        const results: TargetWriteResult[] = [];
        const together = inTransaction ? renamedTogether(data, writes) : undefined;
        for (const write of writes) {
          if (!inTransaction) await this.point('remote write');
          results.push(this.#applyOne(data, write, together?.has(write) === true));
        }
        await this.point('applied');
        return results;
      },
      newId: () => this.#newId(),
    };
  }

  #applyOne(data: Data, write: TargetWrite, nameIsFree: boolean): TargetWriteResult {
    const lost: TargetWriteResult = {
      ok: false,
      code: 'TIMEOUT',
      message: 'no answer',
      conflict: false,
      unknown: true,
    };
    const when = this.answersLost(write);
    if (when === 'before') return lost;
    const result = this.#write(data, write, nameIsFree);
    return when === 'after' ? lost : result;
  }

  #write(data: Data, write: TargetWrite, nameIsFree: boolean): TargetWriteResult {
    const version = data.nextVersion;
    if (write.kind === 'delete') {
      if (!data.users.delete(write.id))
        return { ok: false, code: 'NOT_FOUND', message: 'no such user', conflict: false };
      data.nextVersion += 1;
      this.writes += 1;
      return { ok: true, version };
    }
    const old = data.users.get(write.id);
    if (write.kind === 'update' && old === undefined)
      return { ok: false, code: 'NOT_FOUND', message: 'no such user', conflict: false };
    const attributes: Record<string, readonly string[]> =
      write.kind === 'create' ? { ...write.attributes } : { ...old?.attributes };
    if (write.kind === 'update')
      for (const change of write.changes) {
        if (change.after.length > 0) attributes[change.attribute] = change.after;
        else delete attributes[change.attribute];
      }
    const username = attributes.username?.[0]?.toLowerCase() ?? '';
    const refusal = this.refuses.get(username);
    if (refusal !== undefined) return { ok: false, message: `will not take ${username}`, ...refusal };
    for (const user of data.users.values())
      if (!nameIsFree && user.id !== write.id && nameOf(user) === username)
        return {
          ok: false,
          code: 'UNIQUENESS',
          message: `username ${username} belongs to ${user.id}`,
          conflict: true,
        };
    const active = write.active ?? old?.active ?? true;
    data.users.set(write.id, { id: write.id, version, active, attributes });
    data.nextVersion += 1;
    this.writes += 1;
    const overtaken =
      write.kind === 'update' && write.version !== undefined && write.version !== old?.version;
    return overtaken ? { ok: true, version, overtaken } : { ok: true, version };
  }
}

function nameOf(user: TargetObject): string {
  return user.attributes.username?.[0]?.toLowerCase() ?? '';
}

/** Renames of one batch that can all happen together, as the identity store does them: names are released before they are taken. */
function renamedTogether(data: Data, writes: readonly TargetWrite[]): ReadonlySet<TargetWrite> {
  const wanted = new Map<TargetWrite, { readonly id: string; readonly name: string }>();
  for (const write of writes) {
    if (write.kind !== 'update') continue;
    const name = write.changes.find((change) => change.attribute === 'username')?.after[0]?.toLowerCase();
    if (name !== undefined) wanted.set(write, { id: write.id, name });
  }
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    const leaving = new Set([...wanted.values()].map(({ id }) => id));
    const taken = new Set([...data.users.values()].filter(({ id }) => !leaving.has(id)).map(nameOf));
    for (const [write, { name }] of wanted)
      if (taken.has(name)) wanted.delete(write);
      else taken.add(name);
  }
  return new Set(wanted.keys());
}

function saveLink(draft: Data, write: LinkWrite): number {
  const number = write.number ?? draft.nextLink++;
  for (const link of draft.links.values())
    if (link.number !== number && link.sourceKey === write.sourceKey && link.objectType === write.objectType)
      throw new Error(`link ${link.number} already has the key ${write.sourceKey}`);
  draft.links.set(number, { ...write, number });
  return number;
}
