import type { ObjectType } from '@sallyport/model';
import type { LastFullRead, Position } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readList, readNumber, readOptionalText, readText } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { RulePlace } from './rule-place.ts';

export function readPosition(connection: Connection, { ruleNo }: RulePlace): Position | undefined {
  const row = connection.row('SELECT position_strategy, position_value FROM rule_syncs WHERE number = ?', [
    ruleNo,
  ]);
  if (row === undefined || row[0] === null) return undefined;
  return { strategy: readText(row[0]), value: readText(row[1]) };
}

export function savePosition(
  connection: Connection,
  { ruleNo }: RulePlace,
  position: Position | undefined,
): void {
  connection.run('UPDATE rule_syncs SET position_strategy = ?, position_value = ? WHERE number = ?', [
    position?.strategy ?? null,
    position?.value ?? null,
    ruleNo,
  ]);
}

export function readAppliedDigest(connection: Connection, { ruleNo }: RulePlace): string | undefined {
  const row = connection.row('SELECT applied_digest FROM rule_syncs WHERE number = ?', [ruleNo]);
  return row === undefined ? undefined : readOptionalText(row[0]);
}

export function readLastFullRead(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
): LastFullRead | undefined {
  const row = connection.row(
    'SELECT objects, bases_read, ended_at FROM full_reads WHERE environment_no = ? AND rule_no = ? AND object_type = ?',
    [environmentNo, ruleNo, objectTypeCodes.code(objectType)],
  );
  if (row === undefined) return undefined;
  return { objects: readNumber(row[0]), basesRead: readList(row[1], readText), endedAt: readNumber(row[2]) };
}

export function saveLastFullRead(
  connection: Connection,
  { environmentNo, ruleNo }: RulePlace,
  objectType: ObjectType,
  read: LastFullRead,
  digest: string,
): void {
  connection.run(
    `INSERT INTO full_reads (environment_no, rule_no, object_type, objects, bases_read, ended_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (environment_no, rule_no, object_type)
     DO UPDATE SET objects = excluded.objects, bases_read = excluded.bases_read, ended_at = excluded.ended_at`,
    [
      environmentNo,
      ruleNo,
      objectTypeCodes.code(objectType),
      read.objects,
      JSON.stringify(read.basesRead),
      read.endedAt,
    ],
  );
  connection.run('UPDATE rule_syncs SET applied_digest = ? WHERE number = ?', [digest, ruleNo]);
}
