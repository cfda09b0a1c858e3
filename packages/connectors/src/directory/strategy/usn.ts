import { type Position, PositionLost, type ReadNeed, type SourceChange } from '@sallyport/engine';
import {
  CONTROL_OID,
  type Control,
  greaterOrEqual,
  type LazyEntry,
  LdapError,
  makeFlagControl,
  present,
} from '@sallyport/ldap';
import { CodedError } from '@sallyport/model';
import type { WholeEntry } from '../complete-ranges.ts';
import { changeAttributesToRead, type DirectoryContext, keyOf, streamEntries } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';
import { type RootDse, readRootDse } from '../root-dse.ts';
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
import { notificationHints } from './notification-hints.ts';
import { readPositionValue } from './position-value.ts';

/** Which domain controller a position is of, and how far that one was. */
export interface ControllerState {
  /** DNS name of the domain controller: its numbers mean nothing on another one. */
  readonly server: string;
  /** Changes when a controller is restored from a backup: then its numbers start to repeat. */
  readonly invocationId: string;
  readonly usn: string;
}

interface UsnPosition extends ControllerState {
  readonly containers: KnownContainers;
}

/**
 * Active Directory by `uSNChanged` (MS-ADTS 3.1.1.3.2; "Polling for Changes Using uSNChanged"). The high-water mark is
 * `highestCommittedUSN` read *before* the search, never the highest number seen. The search runs from the root of the
 * naming context, so that people who moved out of the rule's base are seen; deletions come from `CN=Deleted Objects`.
 */
export function makeUsnStrategy(
  context: DirectoryContext,
  reason: string,
  canReadDeleted: boolean,
): ChangeStrategy {
  const deletedObjects = `CN=Deleted Objects,${context.namingContext.toString()}`;

  const where = (signal: AbortSignal) => readController(context, signal);

  return {
    name: 'usn',
    reason,
    warnings: canReadDeleted
      ? []
      : [
          `The bind account cannot read ${deletedObjects}: deletions are noticed only by full runs. Grant it "List Contents" and "Read Property" there.`,
        ],
    deletionsSeen: canReadDeleted,
    tellsArrivals: false,
    containersOf: containersIn,
    async currentPosition(signal) {
      const value: UsnPosition = {
        ...(await where(signal)),
        containers: await readContainers(context, signal),
      };
      return { strategy: 'usn', value: JSON.stringify(value) };
    },
    async stillHolds(position, signal) {
      try {
        assertSameController(readUsnPosition(position), await where(signal));
        return true;
      } catch (error) {
        if (error instanceof PositionLost) return false;
        throw error;
      }
    },
    async *changesSince(position, need, signal) {
      const last = readUsnPosition(position);
      const now = await where(signal);
      assertSameController(last, now);
      if (BigInt(now.usn) === BigInt(last.usn)) return position;
      const since = greaterOrEqual('uSNChanged', String(BigInt(last.usn) + 1n));

      const deleted = new Set<string>();
      if (canReadDeleted) {
        const request = {
          base: deletedObjects,
          scope: 'one' as const,
          filter: since,
          // The object class stays on what was deleted ([MS-ADTS] 3.1.1.5.5.1.1), and says what it was.
          attributes: ['objectGUID', 'objectClass', 'lastKnownParent'],
          controls: [makeFlagControl('showDeleted')],
        };
        for await (const entries of streamEntries(context.link, request, signal)) {
          for (const { entry } of entries) deleted.add(keyOf(context.dialect, entry));
          yield entries.flatMap(({ entry }): readonly SourceChange[] => goneChange(context, entry, need));
        }
      }

      const changedContainers: { key: string; dn: string; isNew: boolean }[] = [];
      const request = {
        base: context.namingContext.toString(),
        scope: 'sub' as const,
        filter: since,
        attributes: changeAttributesToRead(context, need, ['uSNCreated']),
      };
      for await (const entries of streamEntries(context.link, request, signal)) {
        const objects: WholeEntry[] = [];
        for (const whole of entries) {
          const { entry } = whole;
          if (context.isPerson(entry) || (need.groups !== undefined && context.isGroup(entry)))
            objects.push(whole);
          else if (isContainer(context, entry)) {
            const bytes = entry.bytes('objectGUID');
            const created = BigInt(entry.first('uSNCreated') ?? '0');
            if (bytes !== undefined)
              changedContainers.push({
                key: context.dialect.keyText(bytes),
                dn: entry.dn,
                isNew: created > BigInt(last.usn),
              });
          }
        }
        yield await toChanges(context, objects, need, signal);
      }

      const { known, moves } = followContainers(context, last.containers, changedContainers, deleted);
      for (const move of moves) yield* rereadBelow(context, move, need, signal);

      // A fail-over in the middle would have mixed two controllers' numbers: nothing is committed then.
      assertSameController(last, await where(signal));
      return { strategy: 'usn', value: JSON.stringify({ ...now, containers: known } satisfies UsnPosition) };
    },
    hints: (_groupsAreRead, signal) => notificationHints(context, signal),
  };
}

function readUsnPosition(position: Position): UsnPosition {
  return readPositionValue<UsnPosition>(position, 'usn', ['server', 'invocationId', 'usn', 'containers']);
}

function goneChange(context: DirectoryContext, entry: LazyEntry, need: ReadNeed): readonly SourceChange[] {
  const key = keyOf(context.dialect, entry);
  const isGroup = context.isGroup(entry);
  if (key === '' || (isGroup ? need.groups === undefined : !context.isPerson(entry))) return [];
  const parent = entry.first('lastKnownParent');
  const detail =
    parent === undefined ? 'deleted in the directory' : `deleted in the directory, last in ${parent}`;
  const objectType = isGroup ? 'group' : 'user';
  return [{ kind: 'gone', objectType, key, how: 'deleted', place: undefined, detail }];
}

/** Where the domain controller that answers is now. Throws CodedError CHANGE_FEED_UNREADABLE if it does not show it. */
export async function readController(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<ControllerState> {
  const rootDse = await readRootDse(context.link, signal);
  return {
    server: rootDse.dnsHostName ?? '',
    invocationId: await readInvocationId(context, rootDse, signal),
    usn: String(required(rootDse.highestCommittedUsn, 'highestCommittedUSN')),
  };
}

/** Throws PositionLost if the position is of another controller, or of this one before it was restored. */
export function assertSameController(last: ControllerState, now: ControllerState): void {
  if (last.server !== now.server)
    throw new PositionLost(
      `another domain controller answers: ${now.server}, the position is of ${last.server}`,
    );
  if (last.invocationId !== now.invocationId)
    throw new PositionLost(
      `${now.server} was restored: its invocationId changed from ${last.invocationId} to ${now.invocationId}`,
    );
  if (BigInt(now.usn) < BigInt(last.usn))
    throw new PositionLost(
      `${now.server} is at change number ${now.usn}, below the position's ${last.usn}: it was restored from a backup`,
    );
}

async function readInvocationId(
  context: DirectoryContext,
  rootDse: RootDse,
  signal: AbortSignal,
): Promise<string> {
  const base = required(rootDse.dsServiceName, 'dsServiceName');
  const { entries } = await readEntries(
    context.link,
    { base, scope: 'base', filter: present('objectClass'), attributes: ['invocationId'], pageSize: 0 },
    signal,
  );
  const bytes = entries[0]?.bytes('invocationId');
  return context.dialect.keyText(required(bytes, 'invocationId'));
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined)
    throw new CodedError(
      'CHANGE_FEED_UNREADABLE',
      `The domain controller did not show ${name} to the bind account: without it changes cannot be followed`,
    );
  return value;
}

/** Whether the account may look into CN=Deleted Objects: the container itself is invisible without the right. */
export async function canReadDeletedObjects(
  context: DirectoryContext,
  signal: AbortSignal,
): Promise<boolean> {
  const controls: readonly Control[] = [makeFlagControl('showDeleted')];
  if (!context.rootDse.supportedControls.has(CONTROL_OID.showDeleted)) return false;
  try {
    const { entries } = await readEntries(
      context.link,
      {
        base: `CN=Deleted Objects,${context.namingContext.toString()}`,
        scope: 'base',
        filter: present('objectClass'),
        attributes: ['objectClass'],
        pageSize: 0,
        controls,
      },
      signal,
    );
    // Samba shows the container to everybody, bare of attributes, and what is in it to nobody without the right.
    return entries.some((entry) => entry.first('objectClass') !== undefined);
  } catch (error) {
    if (error instanceof LdapError && (error.class === 'gone' || error.class === 'refused')) return false;
    throw error;
  }
}
