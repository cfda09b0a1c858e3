import type { ObjectClassDefinition, ObjectClassKind } from './definition.ts';

/** [OID, name, kind, superiors, must, may] */
type Row = readonly [string, string, ObjectClassKind, string, string, string];

const ADDRESS =
  'street postOfficeBox postalCode postalAddress physicalDeliveryOfficeName st l telephoneNumber facsimileTelephoneNumber';
const ORGANIZATION = `userPassword searchGuide seeAlso businessCategory registeredAddress ${ADDRESS} description`;
const SAM = 'objectSid sIDHistory sAMAccountType';

/** RFC 4512, 4519, 2798, 2307 and the Active Directory classes that hold people, groups and containers. */
const ROWS: readonly Row[] = [
  ['2.5.6.0', 'top', 'abstract', '', 'objectClass', ''],
  ['2.5.6.1', 'alias', 'structural', 'top', 'aliasedObjectName', ''],
  ['2.5.20.1', 'subschema', 'auxiliary', 'top', '', 'attributeTypes objectClasses matchingRules'],
  ['1.3.6.1.4.1.1466.101.120.111', 'extensibleObject', 'auxiliary', 'top', '', ''],
  ['2.5.6.2', 'country', 'structural', 'top', 'c', 'searchGuide description'],
  ['2.5.6.3', 'locality', 'structural', 'top', '', 'street seeAlso searchGuide st l description'],
  ['2.5.6.4', 'organization', 'structural', 'top', 'o', ORGANIZATION],
  ['2.5.6.5', 'organizationalUnit', 'structural', 'top', 'ou', ORGANIZATION],
  ['2.5.6.6', 'person', 'structural', 'top', 'sn cn', 'userPassword telephoneNumber seeAlso description'],
  ['2.5.6.7', 'organizationalPerson', 'structural', 'person', '', `title registeredAddress ${ADDRESS} ou`],
  [
    '2.5.6.8',
    'organizationalRole',
    'structural',
    'top',
    'cn',
    `roleOccupant seeAlso ou ${ADDRESS} description`,
  ],
  [
    '2.5.6.9',
    'groupOfNames',
    'structural',
    'top',
    'member cn',
    'businessCategory seeAlso owner ou o description',
  ],
  ['2.5.6.14', 'device', 'structural', 'top', 'cn', 'serialNumber seeAlso owner ou o l description'],
  [
    '2.5.6.17',
    'groupOfUniqueNames',
    'structural',
    'top',
    'uniqueMember cn',
    'businessCategory seeAlso owner ou o description',
  ],
  [
    '2.16.840.1.113730.3.2.33',
    'groupOfURLs',
    'structural',
    'top',
    'cn',
    'memberURL businessCategory description o ou owner seeAlso',
  ],
  [
    '2.16.840.1.113730.3.2.2',
    'inetOrgPerson',
    'structural',
    'organizationalPerson',
    '',
    'audio businessCategory carLicense departmentNumber displayName employeeNumber employeeType givenName homePhone ' +
      'homePostalAddress initials jpegPhoto labeledURI mail manager mobile o pager photo roomNumber secretary uid ' +
      'userCertificate x500UniqueIdentifier preferredLanguage userSMIMECertificate userPKCS12',
  ],
  ['0.9.2342.19200300.100.4.5', 'account', 'structural', 'top', 'uid', 'description seeAlso l o ou'],
  ['0.9.2342.19200300.100.4.13', 'domain', 'structural', 'top', 'dc', `${ORGANIZATION} o`],
  ['1.3.6.1.4.1.1466.344', 'dcObject', 'auxiliary', 'top', 'dc', ''],
  ['1.3.6.1.1.3.1', 'uidObject', 'auxiliary', 'top', 'uid', ''],
  [
    '1.3.6.1.1.1.2.0',
    'posixAccount',
    'auxiliary',
    'top',
    'cn uid uidNumber gidNumber homeDirectory',
    'userPassword loginShell gecos description',
  ],
  [
    '1.3.6.1.1.1.2.1',
    'shadowAccount',
    'auxiliary',
    'top',
    'uid',
    'userPassword shadowLastChange shadowMin shadowMax shadowWarning shadowInactive shadowExpire shadowFlag description',
  ],
  [
    '1.3.6.1.1.1.2.2',
    'posixGroup',
    'structural',
    'top',
    'cn gidNumber',
    'userPassword memberUid description',
  ],
  [
    '2.16.840.1.113730.3.2.1',
    'changeLogEntry',
    'structural',
    'top',
    'changeNumber targetDN changeType',
    'changes newRDN deleteOldRDN newSuperior',
  ],
  ['1.2.840.113556.1.5.6', 'securityPrincipal', 'auxiliary', 'top', 'objectSid sAMAccountName', SAM],
  ['1.2.840.113556.1.3.46', 'mailRecipient', 'auxiliary', 'top', 'cn', 'proxyAddresses displayName'],
  [
    '1.2.840.113556.1.5.9',
    'user',
    'structural',
    'organizationalPerson',
    'cn sAMAccountName',
    `${SAM} userAccountControl accountExpires pwdLastSet lockoutTime userPrincipalName unicodePwd mail givenName ` +
      'displayName initials department company division employeeID employeeNumber employeeType manager mobile homePhone ' +
      'pager ipPhone co countryCode info url wWWHomePage proxyAddresses scriptPath profilePath homeDirectory homeDrive ' +
      'userWorkstations logonHours thumbnailPhoto jpegPhoto userCertificate servicePrincipalName primaryGroupID uid ' +
      'mS-DS-ConsistencyGuid memberOf objectGUID objectCategory',
  ],
  ['1.2.840.113556.1.3.30', 'computer', 'structural', 'user', '', 'dNSHostName'],
  [
    '1.2.840.113556.1.5.8',
    'group',
    'structural',
    'top',
    'groupType',
    `cn sAMAccountName ${SAM} member managedBy mail displayName description info memberOf primaryGroupToken`,
  ],
  [
    '1.2.840.113556.1.5.15',
    'contact',
    'structural',
    'organizationalPerson',
    'cn',
    'mail givenName displayName',
  ],
  ['1.2.840.113556.1.3.23', 'container', 'structural', 'top', 'cn', ''],
  ['1.2.840.113556.1.5.4', 'builtinDomain', 'structural', 'top', '', ''],
  ['1.2.840.113556.1.5.67', 'domainDNS', 'structural', 'domain', '', ''],
  ['1.2.840.113556.1.5.76', 'foreignSecurityPrincipal', 'structural', 'top', 'cn objectSid', ''],
];

export const DEFAULT_OBJECT_CLASSES: readonly ObjectClassDefinition[] = ROWS.map(
  ([oid, name, kind, superiors, must, may]) => ({
    oid,
    names: [name],
    description: undefined,
    superiors: words(superiors),
    kind,
    must: words(must),
    may: words(may),
    isObsolete: false,
  }),
);

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}
