import { valueFault } from './value-fault.ts';

/** Bits of `userAccountControl` and `msDS-User-Account-Control-Computed` ([MS-ADTS] §2.2.16). */
export const USER_ACCOUNT_CONTROL = {
  SCRIPT: 0x1,
  ACCOUNTDISABLE: 0x2,
  HOMEDIR_REQUIRED: 0x8,
  /** Valid in the computed attribute only. */
  LOCKOUT: 0x10,
  PASSWD_NOTREQD: 0x20,
  /** Shown only: an access right decides. */
  PASSWD_CANT_CHANGE: 0x40,
  ENCRYPTED_TEXT_PWD_ALLOWED: 0x80,
  TEMP_DUPLICATE_ACCOUNT: 0x100,
  NORMAL_ACCOUNT: 0x200,
  INTERDOMAIN_TRUST_ACCOUNT: 0x800,
  WORKSTATION_TRUST_ACCOUNT: 0x1000,
  SERVER_TRUST_ACCOUNT: 0x2000,
  DONT_EXPIRE_PASSWORD: 0x1_0000,
  MNS_LOGON_ACCOUNT: 0x2_0000,
  SMARTCARD_REQUIRED: 0x4_0000,
  TRUSTED_FOR_DELEGATION: 0x8_0000,
  NOT_DELEGATED: 0x10_0000,
  USE_DES_KEY_ONLY: 0x20_0000,
  DONT_REQ_PREAUTH: 0x40_0000,
  /** Valid in the computed attribute only. */
  PASSWORD_EXPIRED: 0x80_0000,
  TRUSTED_TO_AUTH_FOR_DELEGATION: 0x100_0000,
  PARTIAL_SECRETS_ACCOUNT: 0x400_0000,
} as const;

export type UserAccountControlFlag = keyof typeof USER_ACCOUNT_CONTROL;

/**
 * Reads `userAccountControl`: a signed 32-bit integer in decimal.
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function parseUserAccountControl(text: string): number {
  return parseInt32(text, 'userAccountControl');
}

export function isDisabled(userAccountControl: number): boolean {
  return (userAccountControl & USER_ACCOUNT_CONTROL.ACCOUNTDISABLE) !== 0;
}

/** The value with the account disabled or enabled and every other bit as it was. */
export function withDisabled(userAccountControl: number, disabled: boolean): number {
  return disabled
    ? userAccountControl | USER_ACCOUNT_CONTROL.ACCOUNTDISABLE
    : userAccountControl & ~USER_ACCOUNT_CONTROL.ACCOUNTDISABLE;
}

/** Names of the set bits, for people. */
export function userAccountControlFlags(userAccountControl: number): readonly string[] {
  return Object.entries(USER_ACCOUNT_CONTROL)
    .filter(([, bit]) => (userAccountControl & bit) !== 0)
    .map(([name]) => name);
}

/** A signed 32-bit integer as directories write it. @throws LdapTextError `VALUE_SYNTAX` */
export function parseInt32(text: string, subject: string): number {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  // Unsigned writing of the sign bit is met in the field and means the same 32 bits.
  if (!(value >= -0x8000_0000 && value <= 0xffff_ffff))
    throw valueFault(subject, text, 'a decimal integer of 32 bits');
  return value | 0;
}
