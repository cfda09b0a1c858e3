import type { Uuid } from '@sallyport/model';
import type { HeldCounts } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readId, readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Cell } from '../sqlite/connection.ts';
import { SHOWN_BY_RUN } from './held-removals.ts';
import { linkKey, NUMBERS_PER_RULE } from './link-row.ts';
import { readRulePlace } from './rule-place.ts';

/** All that waits, or what waits of the list of one run; `runIds` says in the lists of which runs it stands now. */
export function countHeld(
  { reader, numbers }: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  runId: Uuid | undefined,
): HeldCounts {
  const place = readRulePlace(reader, numbers, environmentId, ruleId);
  if (place === undefined) return { users: 0, groups: 0, memberships: 0, runIds: [] };
  const [shown, shownBy] = runId === undefined ? ['', []] : [` AND ${SHOWN_BY_RUN}`, [place.ruleNo, runId]];
  const objects = reader.rows(
    `SELECT run_id, object_type, count(*) FROM held_removals WHERE environment_no = ? AND rule_no = ?${shown} GROUP BY run_id, object_type`,
    [place.environmentNo, place.ruleNo, ...shownBy],
  );
  const [ofRun, run] = runId === undefined ? ['', []] : [' AND run_id = ?', [runId]];
  const members = reader.rows(
    `SELECT run_id, NULL, count(*) FROM held_members WHERE group_key >= ? AND group_key < ? AND kept = 0${ofRun} GROUP BY run_id`,
    [linkKey(place.ruleNo, 0), linkKey(place.ruleNo, NUMBERS_PER_RULE), ...run],
  );
  const wanted = [...objects, ...members].map(([id, type, count]) => ({
    runId: readId(id),
    type,
    count: readNumber(count),
  }));
  const sum = (holds: (type: Cell | undefined) => boolean): number =>
    wanted.reduce((total, { type, count }) => (holds(type) ? total + count : total), 0);
  return {
    users: sum((type) => type === objectTypeCodes.code('user')),
    groups: sum((type) => type === objectTypeCodes.code('group')),
    memberships: sum((type) => type === null),
    runIds: [...new Set(wanted.map((one) => one.runId))],
  };
}
