import { CodedError } from '@sallyport/model';
import type { GroupEdit } from '../record/group-records.ts';
import type { GroupRow } from './group-row.ts';

export function nameTaken(name: string, holderId: string): CodedError {
  const message = `The name ${name} belongs to the group ${holderId}. Rename one of the two`;
  return new CodedError('UNIQUENESS_VIOLATION', message, {
    details: [
      { code: 'UNIQUENESS_VIOLATION', target: 'name', message, innerError: { existingId: holderId } },
    ],
  });
}

export function constraint(target: string, message: string): CodedError {
  return new CodedError('CONSTRAINT_VIOLATION', message, {
    details: [{ code: 'CONSTRAINT_VIOLATION', target, message }],
  });
}

export function sharedUser(name: string, userId: string): CodedError {
  return constraint(
    'name',
    `The user ${userId} is in another group named ${name}, and nobody can be in two groups of one name`,
  );
}

export function quotaExceeded(message: string, quotaLimit: number): CodedError {
  return new CodedError('QUOTA_EXCEEDED', message, {
    details: [{ code: 'QUOTA_EXCEEDED', message, innerError: { quotaLimit } }],
  });
}

export const groupsFull = (maxGroups: number): CodedError =>
  quotaExceeded(`An environment has at most ${maxGroups} groups, and this one is full`, maxGroups);

/** @throws CodedError EXTERNAL_GROUP */
export function assertEditable(group: GroupRow, edit: GroupEdit | undefined): void {
  if (group.source === undefined || edit?.external === 'allow') return;
  const message = `The group ${group.profile.name} comes from the ${group.source.type === 'GATEWAY' ? 'gateway' : 'identity provider'} ${group.source.id}. Change it there`;
  throw new CodedError('EXTERNAL_GROUP', message, { details: [{ code: 'EXTERNAL_GROUP', message }] });
}
