import { createHash } from 'node:crypto';
import { CodedError, foldCase, readUuid, type Secret, type Uuid } from '@sallyport/model';
import type { LockPolicy } from '@sallyport/store';

/** The one policy of the server. */
export interface PasswordPolicy extends LockPolicy {
  /** In characters, as people count them. */
  readonly minLength: number;
}

const MAX_LENGTH = 255;

/** What is wrong with a new password, as the end of a sentence, without showing it. */
export function passwordFault(
  password: Secret,
  { minLength }: Pick<PasswordPolicy, 'minLength'>,
  username?: string,
): string | undefined {
  const text = password.reveal();
  const length = [...text].length;
  if (length < minLength) return `is shorter than ${minLength} characters`;
  if (length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (text.includes('\0')) return 'holds a NUL character';
  if (username !== undefined && foldCase(text) === foldCase(username)) return 'is the username';
  return undefined;
}

/** @throws CodedError INVALID_DATA naming `target` */
export function assertPolicy(
  password: Secret,
  policy: PasswordPolicy,
  username: string,
  target: string,
): void {
  const fault = passwordFault(password, policy, username);
  if (fault === undefined) return;
  const message = `The password ${fault}`;
  throw new CodedError('INVALID_DATA', message, {
    details: [{ code: 'PASSWORD_POLICY_VIOLATION', target, message }],
  });
}

/** Clients expect the policy to have an id: the same at every start (RFC 9562 §5.8). */
export function policyId(environmentId: Uuid): Uuid {
  const hex = createHash('sha256').update(`password policy of ${environmentId}`).digest('hex');
  const id = readUuid(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
  );
  if (id === undefined) throw new TypeError('A digest always has the form of a UUID');
  return id;
}
