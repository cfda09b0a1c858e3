import type { Uuid } from '@sallyport/model';
import type { HeldCounts } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { linkKey, NUMBERS_PER_RULE } from './link-row.ts';
import { readRulePlace } from './rule-place.ts';

export function countHeld(
  { reader, numbers }: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  runId: Uuid | undefined,
): HeldCounts {
  const place = readRulePlace(reader, numbers, environmentId, ruleId);
  if (place === undefined) return { users: 0, groups: 0, memberships: 0 };
  const ofRun = runId === undefined ? '' : ' AND run_id = ?';
  const run = runId === undefined ? [] : [runId];
  const byType = new Map(
    reader
      .rows(
        `SELECT object_type, count(*) FROM held_removals WHERE environment_no = ? AND rule_no = ?${ofRun} GROUP BY object_type`,
        [place.environmentNo, place.ruleNo, ...run],
      )
      .map(([type, count]) => [objectTypeCodes.word(type), readNumber(count)]),
  );
  const members = reader.row(
    `SELECT count(*) FROM held_members WHERE group_key >= ? AND group_key < ? AND kept = 0${ofRun}`,
    [linkKey(place.ruleNo, 0), linkKey(place.ruleNo, NUMBERS_PER_RULE), ...run],
  );
  return {
    users: byType.get('user') ?? 0,
    groups: byType.get('group') ?? 0,
    memberships: readNumber(members?.[0]),
  };
}
