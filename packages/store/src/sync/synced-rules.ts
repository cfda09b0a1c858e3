import type { ObjectType, Uuid } from '@sallyport/model';
import type { SyncedRule } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readId } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { LINE_COLUMNS, readLinkLine } from './list-links.ts';

/** One link for each rule that has this object as its target. */
export function syncedRules(
  session: Session,
  environmentId: Uuid,
  objectType: ObjectType,
  targetId: string,
): readonly SyncedRule[] {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return [];
  return session.reader
    .rows(
      `SELECT ${LINE_COLUMNS}, (SELECT rule_id FROM rule_syncs s WHERE s.number = links.rule_no)
       FROM links WHERE environment_no = ? AND target_id = ? AND object_type = ? ORDER BY link_key`,
      [environmentNo, targetId, objectTypeCodes.code(objectType)],
    )
    .map((row) => {
      const ruleId = readId(row.at(-1));
      return { ruleId, link: readLinkLine(ruleId, row) };
    });
}
