import type { LinkStatus, ObjectType, Presence, Uuid } from '@sallyport/model';
import type { SyncCounters, SyncStateName } from '../record/sync-records.ts';
import { objectTypeCodes, presenceCodes, statusCodes } from '../schema/codes.ts';
import { readNumber, readOptionalNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { readRulePlace } from './rule-place.ts';

/** How many links are alike in what the counters ask about. */
export interface LinkGroup {
  readonly status: LinkStatus;
  readonly presence: Presence;
  /** Source and target agreed at least once. */
  readonly everSynced: boolean;
  readonly count: number;
}

/**
 * The counters of a rule from its links as they are now. Those of the API overlap: an object that was synced and whose last
 * change was not allowed through, or waits for a person, counts in Success and in Partial Synced; a conflict counts in Failed,
 * and a removal that the target refused as well. `states` are disjoint and add up to all links. Pure.
 */
export function countersOf(groups: readonly LinkGroup[], lastSyncAt: number | undefined): SyncCounters {
  const sum = (holds: (group: LinkGroup) => boolean): number =>
    groups.reduce((total, group) => (holds(group) ? total + group.count : total), 0);
  const states: Record<SyncStateName, number> = { ...EMPTY_STATES };
  for (const group of groups) states[stateOf(group)] += group.count;
  return {
    impacted: sum((group) => group.presence === 'inScope' || (isGone(group) && group.status !== 'SUCCESS')),
    inScope: sum((group) => group.presence === 'inScope'),
    success: sum(
      (group) =>
        group.presence === 'inScope' &&
        (group.status === 'SUCCESS' || (mayBeOutOfDate(group) && group.everSynced)),
    ),
    unsynced: states.UNSYNCED,
    partialSynced: sum((group) => group.presence !== 'kept' && mayBeOutOfDate(group)),
    failed: states.FAILED + states.CONFLICT,
    held: states.HELD,
    conflict: states.CONFLICT,
    failedDeprovision: sum((group) => group.status === 'FAILED' && isGone(group)),
    lastSyncAt,
    states,
  };
}

function isGone({ presence }: LinkGroup): boolean {
  return presence === 'outOfScope' || presence === 'deleted';
}

/** There is something at the target, and the source has more to say about it than was written. */
function mayBeOutOfDate({ status, presence }: LinkGroup): boolean {
  return status === 'PARTIAL_SYNCED' || (status === 'HELD' && presence === 'inScope');
}

function stateOf(group: LinkGroup): SyncStateName {
  if (group.presence === 'kept') return 'KEPT';
  return group.status === 'SUCCESS' && isGone(group) ? 'REMOVED' : group.status;
}

const EMPTY_STATES: Readonly<Record<SyncStateName, number>> = {
  SUCCESS: 0,
  PARTIAL_SYNCED: 0,
  UNSYNCED: 0,
  FAILED: 0,
  HELD: 0,
  CONFLICT: 0,
  REMOVED: 0,
  KEPT: 0,
};

/** Counts all links by their index and the exceptions by theirs: 6 ms for 100,000 links, where grouping all rows takes 52. */
export function syncCounters(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  objectType: ObjectType,
  /** Refused removals are counted from here on (epoch ms): "since the last revision". */
  refusedSince = 0,
): SyncCounters {
  const { reader } = session;
  const place = readRulePlace(reader, session.numbers, environmentId, ruleId);
  if (place === undefined) return countersOf([], undefined);
  const parameters = [place.environmentNo, place.ruleNo, objectTypeCodes.code(objectType)];
  const where = 'FROM links WHERE environment_no = ? AND rule_no = ? AND object_type = ?';
  const exceptions = reader
    .rows(
      `SELECT status, presence, last_success_at IS NOT NULL, count(*) ${where} AND (status <> 0 OR presence <> 0) GROUP BY 1, 2, 3`,
      parameters,
    )
    .map(
      (row): LinkGroup => ({
        status: statusCodes.word(row[0]),
        presence: presenceCodes.word(row[1]),
        everSynced: row[2] === 1,
        count: readNumber(row[3]),
      }),
    );
  const all = readNumber(reader.row(`SELECT count(*) ${where}`, parameters)?.[0]);
  const regular = all - exceptions.reduce((total, group) => total + group.count, 0);
  // A run that failed synced nothing.
  const lastSync = reader.row(
    "SELECT ended_at FROM runs WHERE rule_no = ? AND status IN ('completed', 'held') AND type <> 'preview' ORDER BY number DESC LIMIT 1",
    [place.ruleNo],
  );
  const counters = countersOf(
    [{ status: 'SUCCESS', presence: 'inScope', everSynced: true, count: regular }, ...exceptions],
    readOptionalNumber(lastSync?.[0] ?? null),
  );
  if (refusedSince === 0 || counters.failedDeprovision === 0) return counters;
  const refused = reader.row(
    `SELECT count(*) ${where} AND (status <> 0 OR presence <> 0) AND status = ? AND presence IN (?, ?) AND last_sync_at >= ?`,
    [
      ...parameters,
      statusCodes.code('FAILED'),
      presenceCodes.code('outOfScope'),
      presenceCodes.code('deleted'),
      refusedSince,
    ],
  );
  return { ...counters, failedDeprovision: readNumber(refused?.[0]) };
}
