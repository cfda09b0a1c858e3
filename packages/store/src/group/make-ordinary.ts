import { setImmediate } from 'node:timers/promises';
import type { Uuid } from '@sallyport/model';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { linkKey } from '../sync/link-row.ts';
import { readRulePlace } from '../sync/rule-place.ts';
import { raiseGroups } from './raise-groups.ts';

/** Links looked at in one transaction, during which other writers wait. */
const CHUNK = 2000;

/**
 * By the links of the rule that say it made their group; a group that is ordinary already stays as it is. Not atomic as a whole:
 * killed in the middle, it is asked for again.
 */
export async function makeOrdinary(session: Session, environmentId: Uuid, ruleId: Uuid): Promise<number> {
  const place = readRulePlace(session.reader, session.numbers, environmentId, ruleId);
  if (place === undefined) return 0;
  const { environmentNo, ruleNo } = place;
  let made = 0;
  for (let after = linkKey(ruleNo, 0); ; ) {
    const keys = session.reader
      .rows(
        'SELECT link_key FROM links WHERE environment_no = ? AND rule_no = ? AND object_type = ? AND link_key > ? ORDER BY link_key LIMIT ?',
        [environmentNo, ruleNo, objectTypeCodes.code('group'), after, CHUNK],
      )
      .map((row) => readNumber(row[0]));
    const last = keys.at(-1);
    if (last === undefined) return made;
    after = last;
    made += await session.write(({ connection }) => {
      const groupNos = connection
        .rows(
          `SELECT g.number FROM json_each(?) j CROSS JOIN links l ON l.link_key = j.value
             CROSS JOIN groups g ON g.environment_no = l.environment_no AND g.id = l.target_id
           WHERE l.created_by_rule = 1 AND g.source_type IS NOT NULL`,
          [JSON.stringify(keys)],
        )
        .map((row) => readNumber(row[0]));
      connection.run(
        'UPDATE groups SET source_type = NULL, source_id = NULL, updated_at = ? WHERE number IN (SELECT value FROM json_each(?))',
        [Date.now(), JSON.stringify(groupNos)],
      );
      raiseGroups(connection, environmentNo, groupNos);
      return groupNos.length;
    });
    await setImmediate();
  }
}
