import type { ObjectType, Uuid } from '@sallyport/model';
import { objectTypeCodes } from '../schema/codes.ts';
import { readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';

/** Of these objects, those that another active rule of the environment is linked to, with its name. */
export function heldByOthers(
  session: Session,
  environmentId: Uuid,
  ruleId: Uuid,
  objectType: ObjectType,
  targetIds: readonly string[],
): ReadonlyMap<string, string> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined || targetIds.length === 0) return new Map();
  const rows = session.reader.rows(
    `SELECT l.target_id, r.name FROM links l
       CROSS JOIN rule_syncs s ON s.number = l.rule_no
       CROSS JOIN rules r ON r.environment_id = ? AND r.id = s.rule_id AND r.active = 1
     WHERE l.environment_no = ? AND l.target_id IN (SELECT value FROM json_each(?)) AND l.object_type = ?
       AND s.rule_id <> ?`,
    [environmentId, environmentNo, JSON.stringify(targetIds), objectTypeCodes.code(objectType), ruleId],
  );
  return new Map(rows.map((row) => [readText(row[0]), readText(row[1])]));
}
