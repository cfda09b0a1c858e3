import { PositionLost, type ReadNeed, type SourceChange } from '@sallyport/engine';
import type { DirectoryContext } from '../directory-context.ts';
import { supportsControl } from '../root-dse.ts';
import { makeAttributeRelevance } from './attribute-relevance.ts';
import type { ChangeStrategy } from './change-strategy.ts';
import { freshToken, isBatchRefused, readBatches } from './changelog-batch.ts';
import type { ChangelogFeed } from './changelog-choice.ts';
import { ChangelogFold, type LoggedObject } from './changelog-fold.ts';
import { changelogHints } from './changelog-hints.ts';
import { readRecords } from './changelog-log.ts';
import {
  type ChangelogAnchor,
  type ChangelogPosition,
  continueFrom,
  makeChangelogPosition,
  readChangelogPosition,
  readNewest,
  serverOf,
} from './changelog-position.ts';
import type { ChangeRecord } from './changelog-record.ts';
import {
  containersIn,
  followContainers,
  type KnownContainers,
  readContainers,
  rereadBelow,
} from './containers.ts';
import { groupChanges } from './group-changes.ts';
import { MemberDeltas } from './member-deltas.ts';
import { rereadKeys } from './reread.ts';
import { resolveDns } from './resolve-dns.ts';

/**
 * Directories that keep a log of their changes below `cn=changelog` (draft-good-ldap-changelog): PingDirectory, OpenDJ,
 * the retro changelog of 389 Directory Server. A logged change is a hint: the object is read again by its key and judged;
 * only values of membership attributes are taken as they are logged. The log is told by change numbers of one server or,
 * with PingDirectory, by tokens that every server takes.
 */
export function makeChangelogStrategy(
  context: DirectoryContext,
  reason: string,
  feed: ChangelogFeed,
): ChangeStrategy {
  return {
    name: 'changelog',
    reason,
    warnings: feed.warnings,
    deletionsSeen: feed.namesDeleted,
    tellsArrivals: true,
    containersOf: containersIn,
    async currentPosition(signal) {
      const { anchor } = await readNewest(context, signal);
      const token = feed.hasBatches ? await tokenOr(context, signal) : undefined;
      const containers = await readContainers(context, signal);
      return makeChangelogPosition({ ...anchor, containers, ...(token === undefined ? {} : { token }) });
    },
    async stillHolds(position, signal) {
      const last = readChangelogPosition(position);
      // A token goes on anywhere, but another server may not have had everything yet that the first one told us of.
      if (last.token !== undefined) return serverOf(context) === last.server;
      try {
        await continueFrom(context, last, signal);
        return true;
      } catch (error) {
        if (error instanceof PositionLost) return false;
        throw error;
      }
    },
    async *changesSince(position, need, signal) {
      const last = readChangelogPosition(position);
      const fold = new ChangelogFold(context, makeAttributeRelevance(context, need));
      const end = await readLog(context, feed, last, fold, signal);
      if (end === undefined) return position;
      if (feed.namesDeleted && fold.namelessDeletions > 0)
        throw new PositionLost(
          `the changelog does not say which objects ${fold.namelessDeletions} deletions were of: only a full read tells`,
        );
      const known = yield* tellChanges(context, fold, last, need, signal);
      return makeChangelogPosition({ ...end, containers: known });
    },
    ...(supportsControl(context.rootDse, 'persistentSearch')
      ? { hints: (_groupsAreRead: boolean, signal: AbortSignal) => changelogHints(context, signal) }
      : {}),
  };
}

/** Folds everything since a position; returns where that ends, or undefined if there was nothing. */
async function readLog(
  context: DirectoryContext,
  feed: ChangelogFeed,
  last: ChangelogPosition,
  fold: ChangelogFold,
  signal: AbortSignal,
): Promise<Omit<ChangelogPosition, 'containers'> | undefined> {
  if (feed.hasBatches && last.token !== undefined) {
    const end = await readByToken(context, last, last.token, fold, signal);
    if (end !== 'refused') return end;
  }
  // Before the log is read: what comes in between is told twice, and nothing is left out.
  const token = feed.hasBatches ? await tokenOr(context, signal) : undefined;
  const range = await continueFrom(context, last, signal);
  if (range.last === last.number) return undefined;
  let anchor: ChangelogAnchor = { server: serverOf(context), number: last.number, digest: last.digest };
  // Nobody can tell again whether the log begins behind a position of an empty log: then its first record has to be the next.
  let isAnchored = last.digest !== '' && range.first <= last.number;
  for await (const records of readRecords(context, range, last.number + 1, signal))
    for (const record of records) {
      if (!isAnchored && record.number !== last.number + 1)
        throw new PositionLost(
          `the changelog was trimmed: after the ${last.number} of the last look it goes on with change ${record.number}`,
        );
      isAnchored = true;
      fold.add(record);
      anchor = anchorAt(anchor.server, record, anchor);
    }
  // A fail-over in the middle would have mixed two servers' numbers, and what was trimmed while it was read is missing
  // without a word: nothing is committed then.
  if (serverOf(context) !== anchor.server) await continueFrom(context, anchor, signal);
  else await continueFrom(context, last, signal);
  return { ...anchor, ...(token === undefined ? {} : { token }) };
}

/** The same by token; `refused` if the server does not take it before it told anything. */
async function readByToken(
  context: DirectoryContext,
  last: ChangelogPosition,
  token: string,
  fold: ChangelogFold,
  signal: AbortSignal,
): Promise<Omit<ChangelogPosition, 'containers'> | undefined | 'refused'> {
  let anchor: ChangelogAnchor = { server: last.server, number: last.number, digest: last.digest };
  let told = 0;
  const batches = readBatches(context, Buffer.from(token, 'base64'), signal);
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done === true)
        return told === 0 ? undefined : { ...anchor, token: next.value.toString('base64') };
      for (const record of next.value) {
        fold.add(record);
        told += 1;
        anchor = anchorAt(serverOf(context), record, anchor);
      }
    }
  } catch (error) {
    if (told === 0 && isBatchRefused(error)) return 'refused';
    throw error;
  }
}

function anchorAt(server: string, record: ChangeRecord, last: ChangelogAnchor): ChangelogAnchor {
  return record.number === undefined ? last : { server, number: record.number, digest: record.digest };
}

/** A token for now, Base64; undefined if the server does not give one after all: numbers do then. */
async function tokenOr(context: DirectoryContext, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await freshToken(context, signal)).toString('base64');
  } catch (error) {
    if (isBatchRefused(error)) return undefined;
    throw error;
  }
}

/** Reads what the log named and tells it; returns the containers known from now on. */
async function* tellChanges(
  context: DirectoryContext,
  fold: ChangelogFold,
  last: ChangelogPosition,
  need: ReadNeed,
  signal: AbortSignal,
): AsyncGenerator<readonly SourceChange[], KnownContainers> {
  const objects = await withKeys(context, fold.objects, signal);
  const deltas = new MemberDeltas();
  const deleted: string[] = [];
  const changed: string[] = [];
  for (const [key, { mayArrive }] of objects) if (mayArrive) context.lookups.arrivals.note(key);
  for (const [key, object] of objects)
    if (object.isDeleted) deleted.push(key);
    else if (object.more) changed.push(key);
    else if (object.members.length > 0) deltas.add(key, object.dn, object.members);

  const gone = new Set<string>();
  const containers: { key: string; dn: string; isNew: boolean }[] = [];
  // What is deleted goes first: its names are free for those who come.
  for await (const reread of rereadKeys(context, [...deleted, ...changed], need, signal)) {
    yield [...absentChanges(reread.absent, objects, gone), ...reread.changes];
    for (const key of reread.groups) deltas.readWhole(key);
    for (const { key, dn } of reread.containers)
      containers.push({ key, dn, isNew: objects.get(key)?.isNew ?? false });
  }
  const { known, moves } = followContainers(context, last.containers, containers, gone);
  for (const move of moves) yield* rereadBelow(context, move, need, signal);
  if (need.groups !== undefined) yield* groupChanges(context, deltas, need, signal);
  return known;
}

/** By key; objects that the log knows by DN alone are looked up, and left out if they are not there any more. */
async function withKeys(
  context: DirectoryContext,
  objects: readonly LoggedObject[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LoggedObject>> {
  const nameless = objects.filter(({ key }) => key === undefined).map(({ dn }) => dn);
  const resolved = await resolveDns(context, nameless, signal);
  return new Map(
    objects.flatMap((object): readonly [string, LoggedObject][] => {
      const key = object.key ?? resolved.get(object.dn);
      return key === undefined ? [] : [[key, object]];
    }),
  );
}

/** Objects that are not found: deleted, or moved to where the account sees nothing. The engine confirms both by key. */
function absentChanges(
  absent: readonly string[],
  objects: ReadonlyMap<string, LoggedObject>,
  gone: Set<string>,
): readonly SourceChange[] {
  return absent.flatMap((key): readonly SourceChange[] => {
    const object = objects.get(key);
    if (object === undefined || !(object.isDeleted || object.isRenamed)) return [];
    gone.add(key);
    return [
      object.isDeleted
        ? {
            kind: 'gone',
            key,
            how: 'deleted',
            place: object.dn,
            detail: `deleted in the directory, last ${object.dn}`,
          }
        : {
            kind: 'gone',
            key,
            how: 'outOfScope',
            place: object.dn,
            detail: `moved to ${object.dn}, where the bind account does not see it`,
          },
    ];
  });
}
