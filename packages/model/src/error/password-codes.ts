import { type CatalogueEntry, entry, failed, outside, refused } from './catalogue-entry.ts';

/** Codes of passwords: what checking one can come to, and what is wrong with a new one. */
export const PASSWORD_CODES = {
  NO_PASSWORD: failed('The user has no password.', 'Set one.'),
  ACCOUNT_NOT_USABLE: failed(
    'The account may not sign on: it is disabled, locked or expired, here or in its directory.',
    'Enable or unlock it where the message says.',
  ),
  PASSWORD_LOCKED_OUT: failed(
    'Too many wrong passwords: for a while none is looked at.',
    'Wait for the seconds the details name, or unlock the password.',
  ),
  PASSWORD_EXPIRED: failed('The password has expired in its directory.', 'Change it in the directory.'),
  MUST_CHANGE_PASSWORD: failed(
    'The directory takes the password only to change it.',
    'Change it in the directory.',
  ),
  PASSWORD_HELD_BY_DIRECTORY: failed(
    'The password lies in a directory and is changed there.',
    'Change it in the directory, or set one here with password.set, which ends the link.',
  ),
  PASSWORD_POLICY_VIOLATION: refused(
    'A new password does not meet the password policy.',
    'Choose another one; the message says what is missing.',
  ),
  PASSWORD_ENCODING_UNSUPPORTED: refused(
    'An encoded password has an encoding that cannot be checked here.',
    'Send one of the encodings the message names, or the clear text.',
  ),
  PASSWORD_GATEWAY_GONE: outside(
    'The gateway or user type that checks the password does not exist any more, or is disabled.',
    'Link the user to another gateway, or set a password.',
  ),
  DIRECTORY_USER_NOT_FOUND: outside(
    'The directory has no entry, or several, for the attributes the user is linked by.',
    'Look at the entry in the directory and at the search base of the user type.',
  ),
  DIRECTORY_UNAVAILABLE: entry(
    503,
    'REQUEST_FAILED',
    false,
    'The directory that checks the password could not be asked: this says nothing of the password.',
    'Ask again; if it stays so, look at the gateway.',
  ),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
