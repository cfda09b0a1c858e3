import type { Position, ReadNeed, SourceChange } from '@sallyport/engine';
import { greaterOrEqual, or, present, printGeneralizedTime } from '@sallyport/ldap';
import type { WholeEntry } from '../complete-ranges.ts';
import { changeAttributesToRead, type DirectoryContext, streamEntries } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { readRootDse } from '../root-dse.ts';
import type { ChangeStrategy } from './change-strategy.ts';
import {
  containersIn,
  followContainers,
  isContainer,
  type KnownContainers,
  readContainers,
  rereadBelow,
  toChanges,
} from './containers.ts';
import { readPositionValue } from './position-value.ts';

interface TimestampPosition {
  /** Generalized time; changes of this very second are read again. */
  readonly since: string;
  readonly containers: KnownContainers;
}

/** How far our clock may run ahead of the server's where the server does not tell its own. */
const CLOCK_MARGIN_MS = 120_000;

/**
 * Any LDAPv3 server, by `modifyTimestamp`. The last resort: it sees neither deletions nor, where the server does not
 * stamp them, moves; full runs find those. Times have one-second resolution, so the search takes `>=` and lets the
 * engine find that what it already knows is unchanged.
 */
export function makeTimestampStrategy(context: DirectoryContext, reason: string): ChangeStrategy {
  return {
    name: 'timestamp',
    reason,
    warnings: ['Changes are found by modifyTimestamp: deletions are noticed only by full runs.'],
    deletionsSeen: false,
    tellsArrivals: false,
    followsBasesOnly: true,
    containersOf: containersIn,
    async currentPosition(signal) {
      const value: TimestampPosition = {
        since: await serverTime(context, signal),
        containers: await readContainers(context, signal),
      };
      return { strategy: 'timestamp', value: JSON.stringify(value) };
    },
    async *changesSince(
      position: Position,
      need: ReadNeed,
      signal: AbortSignal,
    ): AsyncGenerator<readonly SourceChange[], Position> {
      const last = readPositionValue<TimestampPosition>(position, 'timestamp', ['since', 'containers']);
      const now = await serverTime(context, signal);
      const changedContainers: { key: string; dn: string; isNew: boolean }[] = [];
      const request = {
        base: context.namingContext.toString(),
        scope: 'sub' as const,
        // OpenDJ and PingDirectory give an entry no modifyTimestamp before it is modified.
        filter: or(
          greaterOrEqual('modifyTimestamp', last.since),
          greaterOrEqual('createTimestamp', last.since),
        ),
        attributes: changeAttributesToRead(context, need),
      };
      for await (const entries of streamEntries(context.link, request, signal)) {
        const objects: WholeEntry[] = [];
        for (const whole of entries) {
          const { entry } = whole;
          if (isContainer(context, entry)) {
            const bytes = entry.bytes(context.dialect.keyAttribute);
            if (bytes !== undefined)
              changedContainers.push({
                key: context.dialect.keyText(bytes),
                dn: entry.dn,
                // A second is too coarse to tell one made since from one that was moved in: it is read once.
                isNew: false,
              });
          } else objects.push(whole);
        }
        yield await toChanges(context, objects, need, signal);
      }
      const { known, moves } = followContainers(context, last.containers, changedContainers, new Set());
      for (const move of moves) yield* rereadBelow(context, move, need, signal);
      return {
        strategy: 'timestamp',
        value: JSON.stringify({ since: now, containers: known } satisfies TimestampPosition),
      };
    },
  };
}

/** The server's own clock: root DSE `currentTime`, else the newest change number of the naming context (OpenLDAP), else ours less a margin. */
async function serverTime(context: DirectoryContext, signal: AbortSignal): Promise<string> {
  const rootDse = await readRootDse(context.link, signal);
  if (rootDse.currentTime !== undefined) return rootDse.currentTime;
  const newest = (await readContextCsns(context, signal))
    .map((csn) => csn.slice(0, 14))
    .sort()
    .at(-1);
  return newest === undefined ? printGeneralizedTime(Date.now() - CLOCK_MARGIN_MS) : `${newest}Z`;
}

/** `contextCSN` of the naming context: one value for each server that takes writes. Empty where there is none. */
export async function readContextCsns(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { entries } = await readEntries(
    context.link,
    {
      base: context.namingContext.toString(),
      scope: 'base',
      filter: present('objectClass'),
      attributes: ['contextCSN'],
      pageSize: 0,
    },
    signal,
  );
  return entries[0]?.values('contextCSN') ?? [];
}
