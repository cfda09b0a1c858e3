import { type Position, PositionLost, type ReadNeed, type SourceChange } from '@sallyport/engine';
import {
  eq,
  type Filter,
  type LazyEntry,
  LdapError,
  makeFlagControl,
  or,
  RESULT_CODE,
} from '@sallyport/ldap';
import type { ObjectType } from '@sallyport/model';
import {
  changeAttributesToRead,
  chunksOf,
  type DirectoryContext,
  KEYS_PER_SEARCH,
  keyOf,
  keysFilter,
} from '../directory-context.ts';
import { arrivalAttributes } from '../group/arrivals.ts';
import { readEntries } from '../read-entries.ts';
import { type ChangeStrategy, StrategyLost } from './change-strategy.ts';
import {
  containersIn,
  followContainers,
  type KnownContainers,
  readContainers,
  rereadBelow,
} from './containers.ts';
import { type DirSyncNews, readDirSyncEntry } from './dirsync-entry.ts';
import { forgetDirSyncRight, missingRight } from './dirsync-right.ts';
import { assertCookieTaken, dirSyncSweep, freshCookie } from './dirsync-sweep.ts';
import { groupChanges } from './group-changes.ts';
import { MemberDeltas } from './member-deltas.ts';
import { notificationHints } from './notification-hints.ts';
import { readPositionValue } from './position-value.ts';
import { type RereadContainer, rereadKeys } from './reread.ts';
import { assertSameController, type ControllerState, readController } from './usn.ts';

interface DirSyncPosition extends ControllerState {
  /** The server's cookie, Base64. */
  readonly cookie: string;
  readonly containers: KnownContainers;
}

/** What tells that an object was renamed, moved or restored; without `name` no `parentGUID` comes. */
const ALWAYS_ASKED = ['objectGUID', 'objectClass', 'name', 'parentGUID', 'isDeleted', 'lastKnownParent'];

/**
 * Active Directory by the DirSync control ([MS-ADTS] 3.1.1.3.4.1.3) at the root of the naming context, with deletions in
 * the stream and members value by value. What it tells of an object is a hint: the object is read again by its GUID and
 * judged; only values of `member` are taken as they come. The cookie would be good on another domain controller, with
 * duplicates up to everything; those, read by key, cost more than a full read, so positions hold at one controller.
 */
export function makeDirSyncStrategy(context: DirectoryContext, reason: string): ChangeStrategy {
  return {
    name: 'dirsync',
    reason,
    warnings: [],
    deletionsSeen: true,
    tellsArrivals: true,
    containersOf: containersIn,
    async currentPosition(signal) {
      // The number first: with it unmoved the next look may be left out, and what happens between is told then.
      const controller = await readController(context, signal);
      const cookie = await withRight(context, () => freshCookie(context, signal));
      const containers = await readContainers(context, signal);
      return makePosition({ ...controller, cookie: cookie.toString('base64'), containers });
    },
    async stillHolds(position, signal) {
      try {
        assertSameController(readDirSyncPosition(position), await readController(context, signal));
        return true;
      } catch (error) {
        if (error instanceof PositionLost) return false;
        throw error;
      }
    },
    async *changesSince(position, need, signal) {
      const last = readDirSyncPosition(position);
      const now = await readController(context, signal);
      assertSameController(last, now);
      // Every change, replicated ones too, moves the controller's number.
      if (BigInt(now.usn) === BigInt(last.usn)) return position;

      const deltas = new MemberDeltas();
      const deleted = new Set<string>();
      const containers: RereadContainer[] = [];
      const sweep = dirSyncSweep(
        context,
        {
          cookie: Buffer.from(last.cookie, 'base64'),
          filter: followedClasses(context, need),
          attributes: askedAttributes(context, need),
        },
        signal,
      );
      let cookie: Buffer | undefined;
      try {
        while (cookie === undefined) {
          const next = await nextEntries(context, sweep, signal);
          if (next.done === true) cookie = next.value;
          else {
            const news = next.value.flatMap((entry) => readDirSyncEntry(context, entry) ?? []);
            noteArrivals(context, news);
            const gone = goneChanges(news, deleted, deltas);
            yield context.memberReading.flattened ? await withTypes(context, gone, signal) : gone;
            for await (const reread of rereadKeys(context, toRead(news, deltas), need, signal, [
              'uSNCreated',
            ])) {
              yield reread.changes;
              containers.push(...reread.containers);
              for (const key of reread.groups) deltas.readWhole(key);
            }
          }
        }
      } finally {
        // Left early, its search is still open.
        if (cookie === undefined) await sweep.return(Buffer.alloc(0));
      }

      const { known, moves } = followContainers(
        context,
        last.containers,
        containers.map(({ key, dn, entry }) => ({ key, dn, isNew: isNewer(entry, last) })),
        deleted,
      );
      for (const move of moves) yield* rereadBelow(context, move, need, signal);
      if (need.groups !== undefined) yield* groupChanges(context, deltas, need, signal);

      // A fail-over in the middle would have mixed two controllers' answers: nothing is committed then.
      assertSameController(last, await readController(context, signal));
      return makePosition({ ...now, cookie: cookie.toString('base64'), containers: known });
    },
    hints: (_groupsAreRead, signal) => notificationHints(context, signal),
  };
}

function makePosition(value: DirSyncPosition): Position {
  return { strategy: 'dirsync', value: JSON.stringify(value) };
}

function readDirSyncPosition(position: Position): DirSyncPosition {
  return readPositionValue<DirSyncPosition>(position, 'dirsync', [
    'server',
    'invocationId',
    'usn',
    'cookie',
    'containers',
  ]);
}

/** Also tested against what was deleted, which keeps its object class; everything else in a domain is noise. */
function followedClasses(context: DirectoryContext, need: ReadNeed): Filter {
  const { containerClasses, groupFilter, userFilter } = context.dialect;
  const groups = need.groups === undefined ? [] : [groupFilter];
  return or(userFilter, ...groups, ...containerClasses.map((name) => eq('objectClass', name)));
}

/** The list is a filter too: an object comes only if one of these changed. A list with `*` in it is not understood. */
function askedAttributes(context: DirectoryContext, need: ReadNeed): readonly string[] {
  const names = changeAttributesToRead(context, need, ALWAYS_ASKED);
  return names.includes('*') ? [] : names;
}

async function nextEntries(
  context: DirectoryContext,
  sweep: AsyncGenerator<readonly LazyEntry[], Buffer>,
  signal: AbortSignal,
): Promise<IteratorResult<readonly LazyEntry[], Buffer>> {
  try {
    return await withRight(context, () => sweep.next());
  } catch (error) {
    await assertCookieTaken(context, error, signal);
    throw error;
  }
}

/** An account that lost the right between two looks: whoever chooses now asks anew. */
async function withRight<T>(context: DirectoryContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LdapError) || error.resultCode !== RESULT_CODE.insufficientAccessRights)
      throw error;
    forgetDirSyncRight(context);
    throw new StrategyLost(`DirSync is refused now: ${missingRight(context)}`);
  }
}

function goneChanges(
  news: readonly DirSyncNews[],
  deleted: Set<string>,
  deltas: MemberDeltas,
): readonly SourceChange[] {
  return news.flatMap((item): readonly SourceChange[] => {
    if (item.kind !== 'deleted') return [];
    const { key, lastParent } = item;
    deleted.add(key);
    deltas.forget(key);
    const where = lastParent === undefined ? '' : `, last in ${lastParent}`;
    const detail = `deleted in the directory${where}`;
    return [{ kind: 'gone', key, how: 'deleted', place: undefined, detail }];
  });
}

function noteArrivals(context: DirectoryContext, news: readonly DirSyncNews[]): void {
  const names = arrivalAttributes(context);
  for (const item of news)
    if (item.kind === 'changed' && item.attributes.some((name) => names.has(name)))
      context.lookups.arrivals.note(item.key);
}

/**
 * Whether a group was deleted, or somebody else: where nested groups are flattened, the groups around it depend on it. The
 * stream does not say, because the object class of what is deleted does not change; the tombstone has it, for an account
 * that may see it.
 */
async function withTypes(
  context: DirectoryContext,
  changes: readonly SourceChange[],
  signal: AbortSignal,
): Promise<readonly SourceChange[]> {
  const types = new Map<string, ObjectType>();
  const keys = changes.flatMap((change) => (change.kind === 'gone' ? [change.key] : []));
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const request = {
      base: context.namingContext.toString(),
      scope: 'sub' as const,
      filter: keysFilter(context.dialect, chunk),
      attributes: [context.dialect.keyAttribute, 'objectClass'],
      controls: [makeFlagControl('showDeleted')],
    };
    for (const entry of (await readEntries(context.link, request, signal)).entries)
      types.set(keyOf(context.dialect, entry), context.isGroup(entry) ? 'group' : 'user');
  }
  return changes.map((change) => {
    const objectType = change.kind === 'gone' ? types.get(change.key) : undefined;
    return change.kind === 'gone' && objectType !== undefined ? { ...change, objectType } : change;
  });
}

/** Keys that have to be read; groups of which only members changed are not among them. */
function toRead(news: readonly DirSyncNews[], deltas: MemberDeltas): readonly string[] {
  return news.flatMap((item) => {
    if (item.kind !== 'changed') return [];
    if (item.more) return [item.key];
    deltas.add(item.key, item.dn, item.members);
    return [];
  });
}

function isNewer(entry: LazyEntry, last: ControllerState): boolean {
  return BigInt(entry.first('uSNCreated') ?? '0') > BigInt(last.usn);
}
