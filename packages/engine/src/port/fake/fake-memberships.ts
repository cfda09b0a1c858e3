import type { MembershipWrite, MembershipWriteResult, TargetMember } from '../target.ts';
import { type Data, membersOf } from './fake-data.ts';

function keyOf({ objectType, id }: TargetMember): string {
  return `${objectType} ${id}`;
}

function rise(data: Data, groupId: string): number {
  const group = data.objects.group.get(groupId);
  if (group === undefined) return 0;
  const version = data.nextVersion++;
  data.objects.group.set(groupId, { ...group, version });
  return version;
}

/** What is deleted is in no group any more, and has no members. */
export function dropMember(data: Data, member: TargetMember): void {
  if (member.objectType === 'group') data.members.delete(member.id);
  for (const [groupId, members] of data.members) {
    if (!members.has(keyOf(member))) continue;
    const left = new Map(members);
    left.delete(keyOf(member));
    data.members.set(groupId, left);
    rise(data, groupId);
  }
}

/** One write as the identity store does it: what is there already is no news, and a member is refused by itself. */
export function writeMembership(
  data: Data,
  { groupId, added, removed }: MembershipWrite,
  refuses: (member: TargetMember) => string | undefined,
): MembershipWriteResult {
  const group = data.objects.group.get(groupId);
  if (group === undefined) return { ok: false, code: 'NOT_FOUND', message: `no group ${groupId}` };
  const members = new Map(membersOf(data, groupId));
  const refused: { member: TargetMember; code: string; message: string }[] = [];
  let came = 0;
  let went = 0;
  for (const member of removed) if (members.delete(keyOf(member))) went += 1;
  for (const member of added) {
    if (members.has(keyOf(member))) continue;
    const message = data.objects[member.objectType].has(member.id)
      ? refuses(member)
      : `no ${member.objectType} ${member.id}`;
    if (message !== undefined) {
      refused.push({ member, code: 'REFUSED', message });
      continue;
    }
    members.set(keyOf(member), member);
    came += 1;
  }
  data.members.set(groupId, members);
  const version = came + went > 0 ? rise(data, groupId) : group.version;
  return { ok: true, version, added: came, removed: went, refused };
}
