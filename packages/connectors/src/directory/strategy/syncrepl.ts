import { PositionLost, type SourceChange } from '@sallyport/engine';
import {
  CONTROL_OID,
  EntryBatch,
  eq,
  findControl,
  type LazyEntry,
  LdapError,
  makeSyncRequestControl,
  or,
  parseSyncDoneControl,
  parseSyncInfo,
  parseSyncStateControl,
  printEntryUuid,
  RESULT_CODE,
} from '@sallyport/ldap';
import { attributesToRead, type DirectoryContext, toSourceObject } from '../directory-context.ts';
import type { ChangeStrategy } from './change-strategy.ts';
import {
  followContainers,
  isContainer,
  type KnownContainers,
  readContainers,
  rereadBelow,
} from './containers.ts';
import { readContainersByKey } from './find-containers.ts';
import { readPositionValue } from './position-value.ts';
import { syncHints } from './sync-hints.ts';
import { readContextCsns } from './timestamp.ts';

interface SyncreplPosition {
  /** The server's cookie, Base64. */
  readonly cookie: string;
  readonly containers: KnownContainers;
}

/**
 * Content synchronization (RFC 4533), asked with `refreshOnly` at each poll. The server itself says what entered, changed
 * in and left the base and filter. Containers ride along in the filter, because a moved OU says nothing of its children.
 *
 * Only a *delete phase* is taken: there the server names what is gone. A *present phase* would have us conclude
 * deletions from silence; we answer it with a full read, where the guard and the confirmation by key stand in between.
 */
export function makeSyncreplStrategy(context: DirectoryContext, reason: string): ChangeStrategy {
  const filter = or(
    context.scope.filter,
    ...context.dialect.containerClasses.map((name) => eq('objectClass', name)),
  );

  async function currentCookie(signal: AbortSignal): Promise<Buffer> {
    // OpenLDAP's cookie: replica id and the newest change of each writing server, in this order of fields.
    const csns = [...(await readContextCsns(context, signal))].sort(bySid);
    if (csns.length === 0) throw new PositionLost('the server no longer shows contextCSN');
    return Buffer.from(`rid=000,csn=${csns.join(';')}`);
  }

  return {
    name: 'syncrepl',
    reason,
    warnings: [],
    deletionsSeen: true,
    async currentPosition(signal) {
      const cookie = (await currentCookie(signal)).toString('base64');
      const containers = await readContainers(context, signal);
      return {
        strategy: 'syncrepl',
        value: JSON.stringify({ cookie, containers } satisfies SyncreplPosition),
      };
    },
    async *changesSince(position, need, signal) {
      const last = readPositionValue<SyncreplPosition>(position, 'syncrepl', ['cookie', 'containers']);
      const stream = context.link.search(
        {
          base: context.scope.base.toString(),
          scope: 'sub',
          filter,
          attributes: attributesToRead(context, need, ['objectClass', 'createTimestamp']),
          pageSize: 0,
          controls: [
            makeSyncRequestControl({ mode: 'refreshOnly', cookie: Buffer.from(last.cookie, 'base64') }),
          ],
        },
        { signal },
      );
      const changed: { key: string; dn: string; isNew: boolean }[] = [];
      const gone = new Set<string>();
      try {
        for await (const bytes of stream) {
          const changes: SourceChange[] = [];
          for (const item of new EntryBatch(bytes).items()) {
            if (item.kind === 'entry') takeEntry(item, changes, changed, gone);
            else if (item.kind === 'intermediate') takeInfo(item, gone);
          }
          if (changes.length > 0) yield changes;
        }
      } catch (error) {
        if (error instanceof LdapError && error.resultCode === RESULT_CODE.syncRefreshRequired)
          throw new PositionLost('the server asks for a full refresh (e-syncRefreshRequired)');
        throw error;
      }
      const doneControl = findControl((await stream.outcome).controls, CONTROL_OID.syncDone);
      const done = doneControl === undefined ? undefined : parseSyncDoneControl(doneControl);
      if (done === undefined || !done.refreshDeletes)
        if (!isUpToDate(done?.cookie, last.cookie))
          throw new PositionLost("the server's session log no longer reaches back to the last look");

      const containersGone = [...gone].filter((key) => key in last.containers);
      const movedAway = await readContainersByKey(context, containersGone, signal);
      const all = [...changed, ...movedAway.map(({ key, dn }) => ({ key, dn, isNew: false }))];
      const stillThere = new Set(movedAway.map(({ key }) => key));
      const deleted = new Set(containersGone.filter((key) => !stillThere.has(key)));
      const { known, moves } = followContainers(context, last.containers, all, deleted);
      for (const move of moves) yield* rereadBelow(context, move, need, signal);

      const people = [...gone].filter((key) => !(key in last.containers));
      if (people.length > 0) yield people.map(goneChange);
      const cookie = done?.cookie?.toString('base64') ?? last.cookie;
      return {
        strategy: 'syncrepl',
        value: JSON.stringify({ cookie, containers: known } satisfies SyncreplPosition),
      };
    },
    hints: (signal) => syncHints(context, filter, currentCookie, signal),
  };

  function takeEntry(
    entry: LazyEntry,
    changes: SourceChange[],
    containers: { key: string; dn: string; isNew: boolean }[],
    gone: Set<string>,
  ): void {
    const control = findControl(entry.controls(), CONTROL_OID.syncState);
    if (control === undefined) return;
    const state = parseSyncStateControl(control);
    const key = printEntryUuid(state.entryUuid);
    if (state.state === 'delete') gone.add(key);
    else if (state.state === 'add' || state.state === 'modify') {
      gone.delete(key);
      // RFC 4533 does not tell a new container from one that was moved in: only its children's own changes would.
      if (isContainer(context, entry)) containers.push({ key, dn: entry.dn, isNew: false });
      else changes.push({ kind: 'present', object: toSourceObject(context, entry, false) });
    }
  }
}

function takeInfo(response: { readonly value?: Buffer }, gone: Set<string>): void {
  if (response.value === undefined) return;
  const info = parseSyncInfo(response.value);
  if (info.kind === 'idSet' && info.refreshDeletes)
    for (const uuid of info.entryUuids) gone.add(printEntryUuid(uuid));
}

/**
 * A key that left the content: deleted, or out of base and filter. Which of the two the server does not say; the engine
 * asks for it by key before anything is removed.
 */
function goneChange(key: string): SourceChange {
  return {
    kind: 'gone',
    key,
    how: 'outOfScope',
    place: undefined,
    detail: 'the server says it left the base and filter of the rule',
  };
}

/** A server with nothing new may end without a delete phase and with the cookie we sent, or none. */
function isUpToDate(cookie: Buffer | undefined, sent: string): boolean {
  return cookie === undefined || cookie.toString('base64') === sent;
}

/** CSN: time#count#sid#mod. OpenLDAP keeps them sorted by server id. */
function bySid(a: string, b: string): number {
  return (a.split('#')[2] ?? '').localeCompare(b.split('#')[2] ?? '');
}
