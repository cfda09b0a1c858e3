import type { Position, ReadNeed, SourceChange } from '@sallyport/engine';
import { and, eq, or } from '@sallyport/ldap';
import {
  changeAttributesToRead,
  chunksOf,
  type DirectoryContext,
  groupAttributesToRead,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
  loginReferenceAttribute,
  streamEntries,
} from '../directory-context.ts';
import { toChanges } from '../strategy/containers.ts';
import { keysAmongComputed } from './computed-members.ts';
import { anywhere, groupsAround, groupsFarAround } from './groups-around.ts';
import { readNamingGroups } from './naming-groups.ts';

/** Their groups are told together; bounded like any batch. */
const ARRIVALS_AT_ONCE = 1000;

/**
 * Adds what no change feed tells of groups: who entered or left a dynamic group by a change of the person, who came into
 * scope with memberships of old, who has another login than the groups say, and, where nested groups are flattened, the
 * groups around one that changed.
 */
export async function* followGroups(
  context: DirectoryContext,
  changes: AsyncGenerator<readonly SourceChange[], Position>,
  since: Position,
  need: ReadNeed,
  tellsArrivals: boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], Position> {
  if (need.groups?.members !== true) return yield* changes;
  const seen = new SeenChanges(context.memberReading.flattened);
  let position: Position | undefined;
  try {
    while (position === undefined) {
      const next = await changes.next();
      if (next.done === true) position = next.value;
      else yield seen.take(next.value);
    }
  } finally {
    // Left early, a search of the stream is still open.
    if (position === undefined) await changes.return({ strategy: '', value: '' });
  }
  const places: string[] = [];
  for await (const { change, place } of computedChanges(context, seen, signal)) {
    places.push(place);
    yield [change];
  }
  for await (const change of namedChanges(context, seen, tellsArrivals, signal)) yield [change];
  // A virtual group shows another one's members, and those of groups in that one. A changelog leaves out groups that are
  // none of the rule's, so that any news may be of one.
  const mayHaveChanged =
    seen.groupsChanged || (position.strategy === 'changelog' && position.value !== since.value);
  const virtual = mayHaveChanged ? context.lookups.computedGroups.filter(({ isVirtual }) => isVirtual) : [];
  const keys = [
    ...virtual.map(({ key }) => key),
    ...(await groupsByLogin(context, seen, tellsArrivals, signal)),
  ];
  if (context.memberReading.flattened) {
    if (seen.groupWasDeleted) return yield* afterAll(readAllGroups(context, need, signal), position);
    const changed = [...seen.groupPlaces, ...places, ...virtual.map(({ place }) => place)];
    keys.push(...seen.toReadWhole, ...(await groupsAround(context, changed, signal)));
  }
  const untold = keys.filter((key) => !seen.groups.has(key));
  return yield* afterAll(readGroups(context, untold, need, signal), position);
}

async function* afterAll(
  changes: AsyncGenerator<readonly SourceChange[], void>,
  position: Position,
): AsyncGenerator<readonly SourceChange[], Position> {
  yield* changes;
  return position;
}

/**
 * Adds those who may have come into the scope of the rule to the groups that name them: of memberships of old no change
 * of a group tells. Most are there already, which costs the engine a look. Leaving always is told.
 */
async function* namedChanges(
  context: DirectoryContext,
  seen: SeenChanges,
  tellsArrivals: boolean,
  signal: AbortSignal,
): AsyncGenerator<SourceChange, void> {
  const { flattened } = context.memberReading;
  const { arrivals } = context.lookups;
  const objects = Array.from(seen.places, ([key, { place }]) => ({ key, place })).filter(
    ({ key }) => (!tellsArrivals || arrivals.has(key)) && !(flattened && seen.groups.has(key)),
  );
  for (const some of chunksOf(objects, ARRIVALS_AT_ONCE)) {
    const naming = flattened
      ? await groupsFarAround(
          context,
          await readNamingGroups(context, anywhere(context), some, signal),
          signal,
        )
      : await readNamingGroups(context, context.groupScope, some, signal);
    for (const [key, { references }] of naming) {
      if (seen.groups.has(key)) continue;
      const added = [...references].filter((reference) => !seen.wasAdded(key, reference));
      if (added.length > 0) yield { kind: 'members', key, added, removed: [] };
    }
  }
}

/**
 * Keys of the groups that name people by a login (`memberUid`) of which one changed: those that have the old name, as far
 * as it is remembered, and those that have the new one.
 */
async function groupsByLogin(
  context: DirectoryContext,
  seen: SeenChanges,
  tellsArrivals: boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { dialect, groupScope, link, logins, lookups } = context;
  const { logins: attribute } = dialect.memberAttributes;
  if (attribute === undefined || loginReferenceAttribute(context) === undefined) return [];
  const names = new Set<string>();
  for (const [key, { logins: now, references }] of seen.places) {
    const old = logins.outdated(key, references);
    if (old !== undefined) {
      names.add(old);
      logins.forget(key);
    }
    if (old !== undefined || !tellsArrivals || lookups.arrivals.has(key))
      for (const login of now) if (!logins.knows(key, login)) names.add(login);
  }
  const keys = new Set<string>();
  for (const some of chunksOf([...names], KEYS_PER_SEARCH)) {
    const request = {
      base: groupScope.base.toString(),
      scope: 'sub' as const,
      filter: and(groupScope.filter, or(...some.map((login) => eq(attribute, login)))),
      attributes: [dialect.keyAttribute],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry } of entries) keys.add(keyOf(dialect, entry));
  }
  return [...keys];
}

interface SeenPlace {
  readonly place: string;
  readonly references: readonly string[];
  /** As the person has them. */
  readonly logins: readonly string[];
}

/** What went by, as far as other groups depend on it. */
class SeenChanges {
  /** References of people in scope who changed, by key. */
  readonly people = new Map<string, string>();
  /** People and groups in scope who changed, by key. */
  readonly places = new Map<string, SeenPlace>();
  /** Key of the group and reference of the member, of those told value by value. */
  readonly #added = new Set<string>();
  /** Keys of groups that were told whole. */
  readonly groups = new Set<string>();
  readonly groupPlaces = new Set<string>();
  /** Keys of groups of which only values were told, where the values are not what the engine wants. */
  readonly toReadWhole = new Set<string>();
  groupsChanged = false;
  groupWasDeleted = false;
  readonly #flattened: boolean;

  constructor(flattened: boolean) {
    this.#flattened = flattened;
  }

  wasAdded(group: string, reference: string): boolean {
    return this.#added.has(`${group} ${reference}`);
  }

  take(changes: readonly SourceChange[]): readonly SourceChange[] {
    for (const change of changes) this.#look(change);
    return this.#flattened ? changes.filter(({ kind }) => kind !== 'members') : changes;
  }

  #look(change: SourceChange): void {
    if (change.kind === 'members') {
      this.groupsChanged = true;
      if (this.#flattened) this.toReadWhole.add(change.key);
      else for (const reference of change.added) this.#added.add(`${change.key} ${reference}`);
    } else if (change.kind === 'present') {
      const { key, objectType, place, references } = change.object;
      const isUser = objectType === 'user';
      const logins = isUser && references.length > 1 ? change.object.values('uid') : [];
      this.places.set(key, { place, references, logins });
      if (isUser) this.people.set(key, references[0] ?? '');
      else {
        this.groupsChanged = true;
        this.groups.add(key);
        this.groupPlaces.add(place);
      }
    } else if (change.objectType !== 'user') {
      this.groupsChanged = true;
      if (change.place !== undefined) this.groupPlaces.add(change.place);
      else if (change.how === 'deleted') this.groupWasDeleted = true;
    }
  }
}

/** Whether each changed person is in each group that is found by searches; telling what was so before is harmless. */
async function* computedChanges(
  context: DirectoryContext,
  seen: SeenChanges,
  signal: AbortSignal,
): AsyncGenerator<{ readonly change: SourceChange; readonly place: string }, void> {
  if (seen.people.size === 0) return;
  for (const { fault, key, place, searches } of context.lookups.computedGroups) {
    if (seen.groups.has(key) || fault !== undefined || searches.length === 0) continue;
    for (const people of chunksOf([...seen.people], KEYS_PER_SEARCH)) {
      const keys = people.map(([person]) => person);
      const inside = await keysAmongComputed(context, searches, keys, signal);
      const referencesOf = (isIn: boolean) =>
        people.filter(([person]) => inside.has(person) === isIn).map(([, reference]) => reference);
      const change: SourceChange = {
        kind: 'members',
        key,
        added: referencesOf(true),
        removed: referencesOf(false),
      };
      yield { change, place };
    }
  }
}

async function* readGroups(
  context: DirectoryContext,
  keys: readonly string[],
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], void> {
  for (const chunk of chunksOf([...new Set(keys)], KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(context.dialect, chunk),
      attributes: changeAttributesToRead(context, need),
    };
    for await (const entries of streamEntries(context.link, request, signal)) {
      const changes = await toChanges(context, entries, need, signal);
      yield changes.filter(({ kind }) => kind === 'present');
    }
  }
}

/** A group that was deleted is in no list any more: which ones it had filled, only a look at all of them shows. */
async function* readAllGroups(
  context: DirectoryContext,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], void> {
  const request = {
    base: context.groupScope.base.toString(),
    scope: 'sub' as const,
    filter: context.groupScope.filter,
    attributes: groupAttributesToRead(context, need, changeAttributesToRead(context, need)),
  };
  for await (const entries of streamEntries(context.link, request, signal)) {
    const changes = await toChanges(context, entries, need, signal);
    yield changes.filter(({ kind }) => kind === 'present');
  }
}
