import type { Uuid } from '@sallyport/model';
import type { GroupFeedEntry } from '../record/group-records.ts';
import { readId, readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { DIRECT_USERS, GROUP_COLUMNS, readGroup } from './group-row.ts';

/**
 * Groups and tombstones with a higher sequence, lowest first. A group written twice, or with members that changed twice, comes
 * once, at its last place.
 */
export function groupChangesSince(
  session: Session,
  environmentId: Uuid,
  sequence: number,
  limit: number,
): readonly GroupFeedEntry[] {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return [];
  const present = reader
    .rows(
      `SELECT ${GROUP_COLUMNS}, ${DIRECT_USERS} FROM groups WHERE environment_no = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
      [environmentNo, sequence, limit],
    )
    .map((row): GroupFeedEntry => {
      const group = readGroup(reader, numbers, environmentId, row);
      return { kind: 'present', sequence: group.sequence, group };
    });
  const deleted = reader
    .rows(
      'SELECT sequence, group_id, name FROM group_tombstones WHERE environment_no = ? AND sequence > ? ORDER BY sequence LIMIT ?',
      [environmentNo, sequence, limit],
    )
    .map(
      (row): GroupFeedEntry => ({
        kind: 'deleted',
        sequence: readNumber(row[0]),
        id: readId(row[1]),
        name: readText(row[2]),
      }),
    );
  return [...present, ...deleted].sort((one, other) => one.sequence - other.sequence).slice(0, limit);
}
