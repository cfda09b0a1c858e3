import { USER_ACCOUNT_CONTROL } from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { Caller } from '../core/caller.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { AdDomain } from './ad-domain.ts';
import { adRefusals } from './ad-refusals.ts';

/* What Active Directory demands of accounts: names, passwords, userAccountControl ([MS-SAMR] 3.1.1, [MS-ADTS] 3.1.1.3). */

const {
  ACCOUNTDISABLE,
  PASSWD_NOTREQD,
  NORMAL_ACCOUNT,
  WORKSTATION_TRUST_ACCOUNT,
  SERVER_TRUST_ACCOUNT,
  LOCKOUT,
} = USER_ACCOUNT_CONTROL;
/** 546: disabled, needs no password. What a user gets that is made without saying so. */
export const newAccountControl = NORMAL_ACCOUNT | PASSWD_NOTREQD | ACCOUNTDISABLE;
const accountKinds = NORMAL_ACCOUNT | WORKSTATION_TRUST_ACCOUNT | SERVER_TRUST_ACCOUNT;
const minPasswordLength = 7;
const userType = utf8('805306368');
const computerType = utf8('805306369');

export function assertAccountName(
  domain: AdDomain,
  entry: DirectoryEntry | undefined,
  name: string,
  isGroup: boolean,
): void {
  // a-samaccountname: 20 characters for users; the schema allows groups 256.
  if (/["/\\[\]:;|=,+*?<>]/.test(name) || name.length > (isGroup ? 256 : 20)) adRefusals.badAccountName();
  if (hasOtherHolder(domain, 'samaccountname', name, entry)) {
    if (isGroup) adRefusals.groupExists();
    adRefusals.accountExists();
  }
}

/** Unique in the forest since Windows Server 2012 R2. */
export function assertPrincipalName(domain: AdDomain, entry: DirectoryEntry | undefined, name: string): void {
  if (hasOtherHolder(domain, 'userprincipalname', name, entry))
    adRefusals.notUnique(domain.rule('userPrincipalName'));
}

function hasOtherHolder(
  domain: AdDomain,
  key: string,
  value: string,
  entry: DirectoryEntry | undefined,
): boolean {
  return domain.store
    .find(key, utf8(value))
    .some((holder) => holder !== entry && !domain.isTombstone(holder));
}

/** userAccountControl as the server stores it, after its rules. `password`: the account has one, or gets one now. */
export function acceptAccountControl(value: Buffer, password: string | undefined): Buffer {
  const wanted = Number(value.toString());
  const kind = (wanted & accountKinds) === 0 ? NORMAL_ACCOUNT : 0;
  const isEnabled = (wanted & ACCOUNTDISABLE) === 0;
  const needsPassword = (wanted & PASSWD_NOTREQD) === 0 && (wanted & NORMAL_ACCOUNT) !== 0;
  if (isEnabled && needsPassword && password === undefined) adRefusals.needsPassword();
  return utf8(String((wanted & ~LOCKOUT) | kind));
}

/** pwdLastSet takes 0 (must change) and -1 (now) from clients, nothing else (a-pwdlastset). */
export function acceptPasswordLastSet(domain: AdDomain, value: Buffer): Buffer {
  const text = value.toString();
  if (text === '-1') return domain.fileTimeNow();
  if (text !== '0') adRefusals.badArgument();
  return value;
}

/** Reads a quoted UTF-16LE password ([MS-ADTS] 3.1.1.3.1.5.1); refuses it in the clear and when policy does. */
export function readUnicodePassword(
  domain: AdDomain,
  caller: Caller,
  value: Buffer,
  accountName: string,
): string {
  if (!caller.secure) adRefusals.needsEncryption();
  const text = value.length % 2 === 0 ? value.toString('utf16le') : '';
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return adRefusals.illFormedPassword();
  const password = text.slice(1, -1);
  if (!meetsPolicy(password, accountName)) adRefusals.weakPassword(domain.rule('unicodePwd'));
  return password;
}

/** Default domain policy: 7 characters of three kinds, without the account's name. */
function meetsPolicy(password: string, accountName: string): boolean {
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  const holdsName = accountName.length > 2 && password.toLowerCase().includes(accountName.toLowerCase());
  return password.length >= minPasswordLength && kinds >= 3 && !holdsName;
}

/** sAMAccountType follows from the kind of account or group ([MS-ADTS] 2.2.20 on the values). */
export function accountTypeOf(isGroup: boolean, kind: number): Buffer {
  if (!isGroup)
    return (kind & (WORKSTATION_TRUST_ACCOUNT | SERVER_TRUST_ACCOUNT)) === 0 ? userType : computerType;
  const isSecurity = kind < 0 || (kind & 0x8000_0000) !== 0;
  const isLocal = (kind & 4) !== 0;
  return utf8(String((isLocal ? 0x2000_0000 : 0x1000_0000) + (isSecurity ? 0 : 1)));
}
