import { attributesOf, type Filter } from '@sallyport/ldap';

/** Attributes that hold passwords, password hashes or keys, with the OIDs under which a server may also be asked. */
const SECRET_ATTRIBUTES = new Set([
  // RFC 4519 §2.41, RFC 3112.
  'userpassword',
  '2.5.4.35',
  'authpassword',
  '1.3.6.1.4.1.4203.1.3.4',
  // Active Directory: passwords, LAPS, managed accounts, BitLocker, trusts.
  'unicodepwd',
  '1.2.840.113556.1.4.90',
  'dbcspwd',
  'ntpwdhistory',
  'lmpwdhistory',
  'supplementalcredentials',
  'ms-mcs-admpwd',
  'mslaps-password',
  'mslaps-encryptedpassword',
  'mslaps-encryptedpasswordhistory',
  'mslaps-encrypteddsrmpassword',
  'mslaps-encrypteddsrmpasswordhistory',
  'msds-managedpassword',
  'msfve-recoverypassword',
  'msfve-keypackage',
  'trustauthincoming',
  'trustauthoutgoing',
  'unixuserpassword',
  // Kerberos, Samba, FreeIPA, directories' own.
  'krbprincipalkey',
  'krbmkey',
  'sambantpassword',
  'sambalmpassword',
  'sambapasswordhistory',
  'ipanthash',
  'pwdhistory',
  'passwordhistory',
  'ds-pwp-retired-password',
  'olcrootpw',
  'nsslapd-rootpw',
]);

/** Whether an attribute description (RFC 4512 §2.5: name or OID, with options) names a secret. */
export function isSecretAttribute(description: string): boolean {
  const [name = ''] = description.split(';', 1);
  return SECRET_ATTRIBUTES.has(name.trim().toLowerCase());
}

/**
 * The secrets that a filter asks about. Showing no value is not enough: who may compare with a password, a beginning of it
 * at a time, finds out all of it.
 */
export function secretsInFilter(filter: Filter): readonly string[] {
  return attributesOf(filter).filter(isSecretAttribute);
}
