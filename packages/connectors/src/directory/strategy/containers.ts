import type { Position, ReadNeed, SourceChange } from '@sallyport/engine';
import { type Dn, eq, type LazyEntry, LdapError, or, RESULT_CODE, readDn } from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import type { WholeEntry } from '../complete-ranges.ts';
import { changeAttributesToRead, type DirectoryContext, keyOf, streamEntries } from '../directory-context.ts';
import { makeObjects, type TypedEntry } from '../make-objects.ts';
import { judgeEntries } from '../scope/judge-entries.ts';
import { readPositionValue } from './position-value.ts';

/**
 * The containers below a rule's bases, by key. A renamed or moved OU leaves no trace on the people and groups in it: no change
 * number moves, in no change feed (active-directory: "rename or move of a parent does not report its children"). So the
 * position remembers where each container was, and a change of place re-reads what lies below it.
 */
export type KnownContainers = Readonly<Record<string, string>>;

/** 10,000 DNs are under 1 MB of position; a base with more OUs than that is read in full when one of them moves. */
export const MAX_KNOWN_CONTAINERS = 10_000;

/** As the strategies that follow containers keep them in their positions. */
export function containersIn(position: Position): KnownContainers {
  return readPositionValue<{ readonly containers: KnownContainers }>(position, position.strategy, [
    'containers',
  ]).containers;
}

export type ContainerMove =
  /** Now at `place`; everything below has to be looked at again. */
  { readonly kind: 'reread'; readonly place: Dn; readonly reason: string };

export async function readContainers(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<KnownContainers> {
  const { dialect, link } = context;
  const known: Record<string, string> = {};
  let count = 0;
  for (const base of searchBases(context)) {
    const request = {
      base: base.toString(),
      scope: 'sub' as const,
      filter: or(...dialect.containerClasses.map((name) => eq('objectClass', name))),
      attributes: [dialect.keyAttribute],
    };
    for await (const entries of streamEntries(link, request, signal))
      for (const { entry } of entries) {
        const bytes = entry.bytes(dialect.keyAttribute);
        if (bytes !== undefined && ++count <= MAX_KNOWN_CONTAINERS) known[dialect.keyText(bytes)] = entry.dn;
      }
  }
  return known;
}

/** The bases of people and of groups; one of them where it holds the other. */
function searchBases(context: DirectoryContext): readonly Dn[] {
  const people = context.scope.base;
  const groups = context.groupScope.base;
  if (groups.isWithin(people)) return [people];
  return people.isWithin(groups) ? [groups] : [people, groups];
}

export function isContainer(context: DirectoryContext, entry: LazyEntry): boolean {
  const classes = entry.values('objectClass').map((name) => name.toLowerCase());
  return context.dialect.containerClasses.some((name) => classes.includes(name.toLowerCase()));
}

/** Changed containers against the known ones: what has to be read again, and what is known from now on. */
export function followContainers(
  context: DirectoryContext,
  known: KnownContainers,
  changed: readonly { readonly key: string; readonly dn: string; readonly isNew: boolean }[],
  deletedKeys: ReadonlySet<string>,
): { readonly known: KnownContainers; readonly moves: readonly ContainerMove[] } {
  const next: Record<string, string> = { ...known };
  const moves: ContainerMove[] = [];
  for (const key of deletedKeys) delete next[key];
  for (const { key, dn, isNew } of changed) {
    const place = readDn(dn);
    if (place === undefined) continue;
    const before = known[key];
    const inside = isBelowBases(context, place);
    if (before !== undefined && readDn(before)?.equals(place) === true) continue;
    if (before !== undefined) {
      moves.push({ kind: 'reread', place, reason: `${before} is now ${dn}` });
      if (inside) next[key] = dn;
      else delete next[key];
    } else if (inside) {
      // Made since the last look: its children carry change numbers of their own. Else it was moved in with them.
      if (!isNew) moves.push({ kind: 'reread', place, reason: `${dn} came into the base of the rule` });
      if (Object.keys(next).length < MAX_KNOWN_CONTAINERS) next[key] = dn;
    }
  }
  return { known: rebaseKnown(next, known, moves), moves };
}

export function isBelowBases(context: DirectoryContext, place: Dn): boolean {
  return place.isWithin(context.scope.base) || place.isWithin(context.groupScope.base);
}

/** Containers inside a moved container moved with it, unseen as well. */
function rebaseKnown(
  next: KnownContainers,
  before: KnownContainers,
  moves: readonly ContainerMove[],
): KnownContainers {
  if (moves.length === 0) return next;
  const rebased: Record<string, string> = {};
  const shifts = Object.entries(before).flatMap(([key, old]) => {
    const now = next[key];
    const from = readDn(old);
    const to = now === undefined ? undefined : readDn(now);
    return from !== undefined && to !== undefined && !from.equals(to) ? [{ from, to }] : [];
  });
  for (const [key, text] of Object.entries(next)) {
    const dn = readDn(text);
    const shift = dn === undefined ? undefined : shifts.find(({ from }) => dn.isDescendantOf(from));
    rebased[key] =
      dn !== undefined && shift !== undefined ? (dn.rebase(shift.from, shift.to)?.toString() ?? text) : text;
  }
  return rebased;
}

/**
 * Everything below a container that moved: in scope now, or gone out of it.
 * @throws CodedError `SOURCE_MOVED_ON`, which is tried again soon, if the container is somewhere else again or deleted by the time it is searched:
 *   it may be out of the rule's bases by then, where no later look would find those who went with it
 */
export async function* rereadBelow(
  context: DirectoryContext,
  move: ContainerMove,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], void> {
  const { groupFilter, userFilter } = context.dialect;
  const request = {
    base: move.place.toString(),
    scope: 'sub' as const,
    filter: need.groups === undefined ? userFilter : or(userFilter, groupFilter),
    attributes: changeAttributesToRead(context, need),
  };
  try {
    for await (const entries of streamEntries(context.link, request, signal)) {
      for (const { entry } of entries) context.lookups.arrivals.note(keyOf(context.dialect, entry));
      yield await toChanges(context, entries, need, signal);
    }
  } catch (error) {
    if (!(error instanceof LdapError && error.resultCode === RESULT_CODE.noSuchObject)) throw error;
    // Not the LdapError itself: a base that is not there is a permanent failure, and this is a passing one.
    throw new CodedError(
      'SOURCE_MOVED_ON',
      `${move.place.toString()} moved on while it was looked into; the next try looks where it is then`,
      { cause: error },
    );
  }
}

/**
 * People and groups as changes: present if in scope, else gone out of it with the clause that says so. People come
 * first, so that a group finds those who arrive together with it.
 */
export async function toChanges(
  context: DirectoryContext,
  entries: readonly WholeEntry[],
  need: ReadNeed,
  signal: AbortSignal,
): Promise<readonly SourceChange[]> {
  const judged = await judgeEntries(context, entries, need.groups !== undefined, signal);
  const inside = judged.flatMap((item): readonly TypedEntry[] =>
    item.verdict.inScope && item.objectType !== undefined ? [{ ...item, objectType: item.objectType }] : [],
  );
  const objects = await makeObjects(context, inside, need, false, signal);
  const present = objects.map((object): SourceChange => ({ kind: 'present', object }));
  const gone = judged.flatMap(({ entry, key, objectType, verdict }): readonly SourceChange[] =>
    verdict.inScope && objectType !== undefined
      ? []
      : [
          {
            kind: 'gone',
            ...(objectType === undefined ? {} : { objectType }),
            key,
            how: 'outOfScope',
            place: entry.dn,
            detail: verdict.clause,
          },
        ],
  );
  const isUser = (change: SourceChange) => change.kind === 'present' && change.object.objectType === 'user';
  return [...gone, ...present.filter(isUser), ...present.filter((change) => !isUser(change))];
}
