import { readNumber } from '../schema/decode.ts';
import type { MembershipBatch, MembershipProgress } from './write-memberships.ts';

/** Adds groups to a group. Circles are kept as they are: every reader ends in them. */
export function nestGroups(
  { connection, groups, limits: { maxNestedGroups } }: MembershipBatch,
  progress: MembershipProgress,
): void {
  const members = progress.write.added.filter((member) => member.objectType === 'group');
  if (members.length === 0) return;
  const { groupNo } = progress;
  let count = readNumber(
    connection.row('SELECT count(*) FROM group_nestings WHERE parent_no = ?', [groupNo])?.[0],
  );
  for (const member of members) {
    const child = groups.get(member.id);
    if (child === undefined) {
      progress.refused.push({ member, code: 'NOT_FOUND', message: `There is no group ${member.id}` });
      continue;
    }
    const parameters = [groupNo, child.number];
    if (
      connection.row('SELECT 1 FROM group_nestings WHERE parent_no = ? AND child_no = ?', parameters) !==
      undefined
    )
      continue;
    if (count >= maxNestedGroups) {
      const message = `A group can have ${maxNestedGroups} groups in it, and this one has ${count}`;
      progress.refused.push({ member, code: 'QUOTA_EXCEEDED', message });
      continue;
    }
    connection.run('INSERT INTO group_nestings (parent_no, child_no) VALUES (?, ?)', parameters);
    count += 1;
    progress.added += 1;
  }
}
