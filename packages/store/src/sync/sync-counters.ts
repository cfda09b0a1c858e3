import { LINK_STATUSES, type LinkStatus, type ObjectType, type Presence, type Uuid } from '@sallyport/model';
import type { SyncCounters } from '../record/sync-records.ts';
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
 * The counters of a rule from its links as they are now. Success and Partial Synced overlap as they do in the API: a user
 * that was synced and whose last change was not allowed through counts in both. Pure.
 */
export function countersOf(groups: readonly LinkGroup[], lastSyncAt: number | undefined): SyncCounters {
  const sum = (holds: (group: LinkGroup) => boolean): number =>
    groups.reduce((total, group) => (holds(group) ? total + group.count : total), 0);
  const having = (status: LinkStatus): number => sum((group) => group.status === status);
  const gone = ({ presence }: LinkGroup): boolean => presence === 'outOfScope' || presence === 'deleted';
  const states = Object.fromEntries(LINK_STATUSES.map((status) => [status, having(status)] as const));
  return {
    impacted: sum((group) => group.presence === 'inScope' || (gone(group) && group.status !== 'SUCCESS')),
    inScope: sum((group) => group.presence === 'inScope'),
    success: sum(
      ({ status, presence, everSynced }) =>
        presence === 'inScope' && (status === 'SUCCESS' || (status === 'PARTIAL_SYNCED' && everSynced)),
    ),
    unsynced: having('UNSYNCED'),
    partialSynced: having('PARTIAL_SYNCED'),
    failed: having('FAILED'),
    held: having('HELD'),
    conflict: having('CONFLICT'),
    failedDeprovision: sum((group) => group.status === 'FAILED' && gone(group)),
    lastSyncAt,
    states: { ...EMPTY_STATES, ...states },
  };
}

const EMPTY_STATES: Readonly<Record<LinkStatus, number>> = {
  SUCCESS: 0,
  PARTIAL_SYNCED: 0,
  UNSYNCED: 0,
  FAILED: 0,
  HELD: 0,
  CONFLICT: 0,
};

/** Counts all links by their index and the exceptions by theirs: 6 ms for 100,000 links, where grouping all rows takes 52. */
export function syncCounters(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  objectType: ObjectType,
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
  const lastSync = reader.row('SELECT max(ended_at) FROM runs WHERE rule_no = ?', [place.ruleNo]);
  return countersOf(
    [{ status: 'SUCCESS', presence: 'inScope', everSynced: true, count: regular }, ...exceptions],
    readOptionalNumber(lastSync?.[0] ?? null),
  );
}
