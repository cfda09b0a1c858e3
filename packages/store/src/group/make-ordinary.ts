import type { Uuid } from '@sallyport/model';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { readRulePlace } from '../sync/rule-place.ts';
import { raiseGroups } from './raise-groups.ts';

/** By the links of the rule that say it made their group; a group that is ordinary already stays as it is. */
export async function makeOrdinary(session: Session, environmentId: Uuid, ruleId: Uuid): Promise<number> {
  return session.write(({ connection }) => {
    const place = readRulePlace(connection, session.numbers, environmentId, ruleId);
    if (place === undefined) return 0;
    const { environmentNo, ruleNo } = place;
    const rows = connection.rows(
      `SELECT g.number FROM links l CROSS JOIN groups g ON g.environment_no = l.environment_no AND g.id = l.target_id
       WHERE l.environment_no = ? AND l.rule_no = ? AND l.object_type = ? AND l.created_by_rule = 1 AND g.source_type IS NOT NULL`,
      [environmentNo, ruleNo, objectTypeCodes.code('group')],
    );
    const groupNos = rows.map((row) => readNumber(row[0]));
    connection.run(
      'UPDATE groups SET source_type = NULL, source_id = NULL, updated_at = ? WHERE number IN (SELECT value FROM json_each(?))',
      [Date.now(), JSON.stringify(groupNos)],
    );
    raiseGroups(connection, environmentNo, groupNos);
    return groupNos.length;
  });
}
