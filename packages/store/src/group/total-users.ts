import type { Uuid } from '@sallyport/model';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { readGroupById } from './read-groups.ts';

/** Each user once, however many ways lead to it. UNION keeps each group once, so that circles end. */
export function totalUsers(session: Session, environmentId: Uuid, id: Uuid): number | undefined {
  const { reader, numbers } = session;
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  const group = environmentNo === undefined ? undefined : readGroupById(reader, environmentNo, id);
  if (group === undefined) return undefined;
  const row = reader.row(
    `WITH RECURSIVE below (group_no) AS (
       VALUES (?) UNION SELECT n.child_no FROM below b CROSS JOIN group_nestings n ON n.parent_no = b.group_no)
     SELECT count(DISTINCT m.user_no) FROM below b CROSS JOIN memberships m ON m.group_no = b.group_no`,
    [group.number],
  );
  return readNumber(row?.[0]);
}
