import type { ResultClass } from './result-class.ts';

/** A Win32 error that Active Directory puts into diagnostic messages. */
export interface ActiveDirectoryCode {
  /** The Win32 code, e.g. 0x52D. */
  readonly code: number;
  /** Absent for codes that mean nothing in particular to us. */
  readonly known?: { readonly meaning: string; readonly class: ResultClass; readonly attribute?: string };
}

type Known = NonNullable<ActiveDirectoryCode['known']>;

// https://learn.microsoft.com/windows/win32/debug/system-error-codes
const KNOWN: ReadonlyMap<number, Known> = new Map<number, Known>([
  [0x4dc, { meaning: 'the connection is not bound', class: 'retry' }],
  [
    0x51c,
    { meaning: 'the group may not be the primary group', class: 'reject', attribute: 'primaryGroupID' },
  ],
  [0x523, { meaning: 'the account name is not allowed', class: 'reject', attribute: 'sAMAccountName' }],
  [0x524, { meaning: 'the user exists already', class: 'conflict', attribute: 'sAMAccountName' }],
  [0x525, { meaning: 'there is no such user', class: 'gone' }],
  [0x526, { meaning: 'the group exists already', class: 'conflict', attribute: 'sAMAccountName' }],
  [0x527, { meaning: 'there is no such group', class: 'gone' }],
  [0x528, { meaning: 'it is a member already', class: 'unchanged', attribute: 'member' }],
  [0x529, { meaning: 'it is no member', class: 'unchanged', attribute: 'member' }],
  [0x52a, { meaning: 'the last administrator cannot be removed', class: 'reject' }],
  [0x52b, { meaning: 'the old password is wrong', class: 'reject', attribute: 'unicodePwd' }],
  [0x52c, { meaning: 'the password is ill-formed', class: 'reject', attribute: 'unicodePwd' }],
  [
    0x52d,
    {
      meaning: 'the password does not meet the policy (length, complexity or history)',
      class: 'reject',
      attribute: 'unicodePwd',
    },
  ],
  [0x52e, { meaning: 'unknown user or wrong password', class: 'signOn' }],
  [0x52f, { meaning: 'the account is restricted', class: 'signOn' }],
  [0x530, { meaning: 'sign-on is not allowed at this time', class: 'signOn' }],
  [0x531, { meaning: 'sign-on is not allowed from this workstation', class: 'signOn' }],
  [0x532, { meaning: 'the password has expired', class: 'signOn' }],
  [0x533, { meaning: 'the account is disabled', class: 'signOn' }],
  [0x701, { meaning: 'the account has expired', class: 'signOn' }],
  [0x773, { meaning: 'the password must be changed first', class: 'signOn' }],
  [0x775, { meaning: 'the account is locked out', class: 'signOn' }],
  [0x203d, { meaning: 'the control could not be processed', class: 'resync' }],
]);

/**
 * The Win32 code in a diagnostic message of Active Directory: hexadecimal before the first colon
 * (`0000052D: SvcErr: ...`), or, when a bind is refused, after `data ` (`80090308: LdapErr: ... data 52e, v4563`).
 * Undefined if the message is not Active Directory's.
 */
export function readActiveDirectoryCode(diagnosticMessage: string): ActiveDirectoryCode | undefined {
  const leading = /^([0-9A-Fa-f]{8}): /.exec(diagnosticMessage)?.[1];
  if (leading === undefined) return undefined;
  const refusedBind = leading.startsWith('8009')
    ? /\bdata ([0-9A-Fa-f]{1,8})\b/.exec(diagnosticMessage)?.[1]
    : undefined;
  const code = Number.parseInt(refusedBind ?? leading, 16);
  const found = KNOWN.get(code);
  // As the reason of a refused bind, "no such user" is a sign-on that failed, not an entry that has gone.
  const known =
    found !== undefined && refusedBind !== undefined ? { ...found, class: 'signOn' as const } : found;
  return { code, ...(known === undefined ? {} : { known }) };
}
