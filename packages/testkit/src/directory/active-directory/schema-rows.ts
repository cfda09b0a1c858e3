/**
 * The part of Active Directory's schema that identity work meets, one attribute a line: name, OID, syntax, flags, link ID.
 * Flags: S single-valued, R set by the system only, C constructed on reading, K kept on tombstones (searchFlags 0x8),
 * - none. An even link ID is a forward link; the odd one above it is its back link (MS-ADA1..3, MS-ADTS 3.1.1.2.3).
 */
export const attributeTable = `
accountExpires 1.2.840.113556.1.4.159 largeInteger S
adminCount 1.2.840.113556.1.4.150 integer S
adminDescription 1.2.840.113556.1.2.226 text S
adminDisplayName 1.2.840.113556.1.2.194 text S
altSecurityIdentities 1.2.840.113556.1.4.867 text -
assistant 1.2.840.113556.1.4.652 dn S
attributeTypes 2.5.21.5 text RC
badPasswordTime 1.2.840.113556.1.4.49 largeInteger S
badPwdCount 1.2.840.113556.1.4.12 integer S
businessCategory 2.5.4.15 text -
c 2.5.4.6 text S
canonicalName 1.2.840.113556.1.4.916 text RC
cn 2.5.4.3 text S
co 1.2.840.113556.1.2.131 text S
codePage 1.2.840.113556.1.4.16 integer S
comment 1.2.840.113556.1.4.156 text S
company 1.2.840.113556.1.2.146 text S
countryCode 1.2.840.113556.1.4.25 integer S
createTimeStamp 2.5.18.1 time SRC
creationTime 1.2.840.113556.1.4.26 largeInteger S
dc 0.9.2342.19200300.100.1.25 text S
department 1.2.840.113556.1.2.141 text S
departmentNumber 2.16.840.1.113730.3.1.2 text -
description 2.5.4.13 text -
directReports 1.2.840.113556.1.2.436 dn R 43
displayName 1.2.840.113556.1.2.13 text S
displayNamePrintable 1.2.840.113556.1.2.353 ia5 S
distinguishedName 2.5.4.49 dn SRK
division 1.2.840.113556.1.4.261 text S
dMDLocation 1.2.840.113556.1.2.36 dn SR
dNSHostName 1.2.840.113556.1.4.619 text S
employeeID 1.2.840.113556.1.4.35 text S
employeeNumber 1.2.840.113556.1.2.610 text S
employeeType 1.2.840.113556.1.2.613 text S
extendedAttributeInfo 1.2.840.113556.1.4.909 text RC
extendedClassInfo 1.2.840.113556.1.4.908 text RC
extensionAttribute1 1.2.840.113556.1.2.423 text S
extensionAttribute10 1.2.840.113556.1.2.432 text S
extensionAttribute11 1.2.840.113556.1.2.599 text S
extensionAttribute12 1.2.840.113556.1.2.600 text S
extensionAttribute13 1.2.840.113556.1.2.601 text S
extensionAttribute14 1.2.840.113556.1.2.602 text S
extensionAttribute15 1.2.840.113556.1.2.603 text S
extensionAttribute2 1.2.840.113556.1.2.424 text S
extensionAttribute3 1.2.840.113556.1.2.425 text S
extensionAttribute4 1.2.840.113556.1.2.426 text S
extensionAttribute5 1.2.840.113556.1.2.427 text S
extensionAttribute6 1.2.840.113556.1.2.428 text S
extensionAttribute7 1.2.840.113556.1.2.429 text S
extensionAttribute8 1.2.840.113556.1.2.430 text S
extensionAttribute9 1.2.840.113556.1.2.431 text S
facsimileTelephoneNumber 2.5.4.23 text S
fSMORoleOwner 1.2.840.113556.1.4.369 dn S
generationQualifier 2.5.4.44 text S
gidNumber 1.3.6.1.1.1.1.1 integer S
givenName 2.5.4.42 text S
groupType 1.2.840.113556.1.4.750 integer SK
hasMasterNCs 1.2.840.113556.1.2.14 dn R 76
homeDirectory 1.2.840.113556.1.4.44 text S
homeDrive 1.2.840.113556.1.4.45 text S
homePhone 0.9.2342.19200300.100.1.20 text S
homePostalAddress 1.2.840.113556.1.2.617 text S
info 1.2.840.113556.1.2.81 text S
initials 2.5.4.43 text S
instanceType 1.2.840.113556.1.2.1 integer SRK
internationalISDNNumber 2.5.4.25 numeric -
invocationId 1.2.840.113556.1.2.115 octets SR
ipPhone 1.2.840.113556.1.4.721 text S
isCriticalSystemObject 1.2.840.113556.1.4.868 boolean S
isDeleted 1.2.840.113556.1.2.48 boolean SR
isRecycled 1.2.840.113556.1.4.2058 boolean SRK
jpegPhoto 0.9.2342.19200300.100.1.60 octets -
l 2.5.4.7 text S
lastKnownParent 1.2.840.113556.1.4.781 dn S
lastLogoff 1.2.840.113556.1.4.51 largeInteger S
lastLogon 1.2.840.113556.1.4.52 largeInteger S
lastLogonTimestamp 1.2.840.113556.1.4.1696 largeInteger S
lockoutDuration 1.2.840.113556.1.4.60 largeInteger S
lockOutObservationWindow 1.2.840.113556.1.4.61 largeInteger S
lockoutThreshold 1.2.840.113556.1.4.73 integer S
lockoutTime 1.2.840.113556.1.4.662 largeInteger S
loginShell 1.3.6.1.1.1.1.4 ia5 S
logonCount 1.2.840.113556.1.4.169 integer S
logonHours 1.2.840.113556.1.4.64 octets S
mail 0.9.2342.19200300.100.1.3 text S
mailNickname 1.2.840.113556.1.2.447 text S
managedBy 1.2.840.113556.1.4.653 dn S 72
managedObjects 1.2.840.113556.1.4.654 dn R 73
manager 0.9.2342.19200300.100.1.10 dn S 42
masteredBy 1.2.840.113556.1.4.1409 dn R 77
maxPwdAge 1.2.840.113556.1.4.74 largeInteger S
member 2.5.4.31 dn - 2
memberOf 1.2.840.113556.1.2.102 dn R 3
middleName 2.16.840.1.113730.3.1.34 text S
minPwdAge 1.2.840.113556.1.4.78 largeInteger S
minPwdLength 1.2.840.113556.1.4.79 integer S
mobile 0.9.2342.19200300.100.1.41 text S
modifyTimeStamp 2.5.18.2 time SRC
mS-DS-ConsistencyGuid 1.2.840.113556.1.4.1360 octets S
ms-DS-MachineAccountQuota 1.2.840.113556.1.4.1411 integer S
msDS-AllUsersTrustQuota 1.2.840.113556.1.4.1789 integer S
msDS-Behavior-Version 1.2.840.113556.1.4.1459 integer SR
msDS-cloudExtensionAttribute1 1.2.840.113556.1.4.2214 text S
msDS-cloudExtensionAttribute2 1.2.840.113556.1.4.2215 text S
msDS-HasDomainNCs 1.2.840.113556.1.4.1820 dn R 2026
msDS-LastKnownRDN 1.2.840.113556.1.4.2067 text SR
msds-memberOfTransitive 1.2.840.113556.1.4.2236 dn RC
msds-memberTransitive 1.2.840.113556.1.4.2238 dn RC
msDS-parentdistname 1.2.840.113556.1.4.2203 dn SRC
msDS-PrincipalName 1.2.840.113556.1.4.1865 text SC
msDS-User-Account-Control-Computed 1.2.840.113556.1.4.1460 integer SC
msDS-UserPasswordExpiryTimeComputed 1.2.840.113556.1.4.1996 largeInteger SC
name 1.2.840.113556.1.4.1 text SRK
nextRid 1.2.840.113556.1.4.88 integer S
nTSecurityDescriptor 1.2.840.113556.1.2.281 descriptor SK
o 2.5.4.10 text -
objectCategory 1.2.840.113556.1.4.782 dn S
objectClass 2.5.4.0 oid RK
objectClasses 2.5.21.6 text RC
objectGUID 1.2.840.113556.1.4.2 octets SRK
objectSid 1.2.840.113556.1.4.146 sid SRK
objectVersion 1.2.840.113556.1.2.76 integer S
operatingSystem 1.2.840.113556.1.4.363 text S
operatingSystemVersion 1.2.840.113556.1.4.364 text S
options 1.2.840.113556.1.4.307 integer S
otherHomePhone 1.2.840.113556.1.2.277 text -
otherIpPhone 1.2.840.113556.1.4.722 text -
otherMailbox 1.2.840.113556.1.4.651 text -
otherMobile 1.2.840.113556.1.4.647 text -
otherPager 1.2.840.113556.1.2.118 text -
otherTelephone 1.2.840.113556.1.2.18 text -
ou 2.5.4.11 text -
pager 0.9.2342.19200300.100.1.42 text S
parentGUID 1.2.840.113556.1.4.1224 octets SRC
personalTitle 1.2.840.113556.1.2.615 text S
photo 0.9.2342.19200300.100.1.7 octets -
physicalDeliveryOfficeName 2.5.4.19 text S
possibleInferiors 1.2.840.113556.1.4.915 oid RC
postalAddress 2.5.4.16 text -
postalCode 2.5.4.17 text S
postOfficeBox 2.5.4.18 text -
preferredDeliveryMethod 2.5.4.28 integer -
preferredLanguage 2.16.840.1.113730.3.1.39 text S
primaryGroupID 1.2.840.113556.1.4.98 integer S
primaryGroupToken 1.2.840.113556.1.4.1412 integer SRC
profilePath 1.2.840.113556.1.4.139 text S
proxyAddresses 1.2.840.113556.1.2.210 text -
pwdHistoryLength 1.2.840.113556.1.4.95 integer S
pwdLastSet 1.2.840.113556.1.4.96 largeInteger S
pwdProperties 1.2.840.113556.1.4.93 integer S
registeredAddress 2.5.4.26 octets -
rIDManagerReference 1.2.840.113556.1.4.368 dn SR
roomNumber 0.9.2342.19200300.100.1.6 text -
sAMAccountName 1.2.840.113556.1.4.221 text SK
sAMAccountType 1.2.840.113556.1.4.302 integer S
scriptPath 1.2.840.113556.1.4.62 text S
sDRightsEffective 1.2.840.113556.1.4.1304 integer SC
secretary 0.9.2342.19200300.100.1.21 dn -
seeAlso 2.5.4.34 dn -
serverReference 1.2.840.113556.1.4.515 dn S 94
serverReferenceBL 1.2.840.113556.1.4.516 dn R 95
servicePrincipalName 1.2.840.113556.1.4.771 text -
showInAddressBook 1.2.840.113556.1.4.644 dn -
showInAdvancedViewOnly 1.2.840.113556.1.2.169 boolean S
sIDHistory 1.2.840.113556.1.4.609 sid -
sn 2.5.4.4 text S
st 2.5.4.8 text S
street 2.5.4.9 text S
streetAddress 1.2.840.113556.1.2.256 text S
structuralObjectClass 2.5.21.9 oid C
subRefs 1.2.840.113556.1.2.7 dn R
subSchemaSubEntry 2.5.18.10 dn RC
supplementalCredentials 1.2.840.113556.1.4.125 octets -
systemFlags 1.2.840.113556.1.4.375 integer SRK
telephoneNumber 2.5.4.20 text S
telexNumber 2.5.4.21 octets -
textEncodedORAddress 0.9.2342.19200300.100.1.2 text S
thumbnailLogo 2.16.840.1.113730.3.1.36 octets S
thumbnailPhoto 2.16.840.1.113730.3.1.35 octets S
title 2.5.4.12 text S
tokenGroups 1.2.840.113556.1.4.1301 sid C
uid 0.9.2342.19200300.100.1.1 text K
uidNumber 1.3.6.1.1.1.1.0 integer S
unicodePwd 1.2.840.113556.1.4.90 octets S
unixHomeDirectory 1.3.6.1.1.1.1.3 ia5 S
url 1.2.840.113556.1.4.749 text -
userAccountControl 1.2.840.113556.1.4.8 integer SK
userCert 1.2.840.113556.1.4.645 octets S
userCertificate 2.5.4.36 octets -
userParameters 1.2.840.113556.1.4.138 text S
userPassword 2.5.4.35 octets -
userPrincipalName 1.2.840.113556.1.4.656 text S
userSharedFolder 1.2.840.113556.1.4.751 text S
userSMIMECertificate 2.16.840.1.113730.3.140 octets -
userWorkstations 1.2.840.113556.1.4.86 text S
uSNChanged 1.2.840.113556.1.2.120 largeInteger SRK
uSNCreated 1.2.840.113556.1.2.19 largeInteger SRK
wellKnownObjects 1.2.840.113556.1.4.618 dnBinary R
whenChanged 1.2.840.113556.1.2.3 time SR
whenCreated 1.2.840.113556.1.2.2 time SR
wWWHomePage 1.2.840.113556.1.2.464 text S
x121Address 2.5.4.24 numeric -
`;

export interface ClassRow {
  readonly name: string;
  readonly oid: string;
  readonly superior: string;
  readonly kind: 'STRUCTURAL' | 'ABSTRACT' | 'AUXILIARY';
  /** RDN of the default objectCategory below the schema container. */
  readonly category: string;
  readonly auxiliary: string;
  readonly must: string;
  readonly may: string;
  /** Classes an entry of this class may lie below (possSuperiors); inherited, like the attributes. */
  readonly under: string;
}

/** Object classes with the attributes of the table above; names separated by spaces. */
export const classRows: readonly ClassRow[] = [
  {
    name: 'top',
    oid: '2.5.6.0',
    superior: 'top',
    kind: 'ABSTRACT',
    category: 'Top',
    auxiliary: '',
    must: 'instanceType objectCategory objectClass',
    may: 'adminDescription adminDisplayName canonicalName cn createTimeStamp description directReports displayName displayNamePrintable distinguishedName fSMORoleOwner isCriticalSystemObject isDeleted isRecycled lastKnownParent managedObjects masteredBy memberOf modifyTimeStamp mS-DS-ConsistencyGuid msDS-LastKnownRDN msds-memberOfTransitive msds-memberTransitive msDS-parentdistname msDS-PrincipalName name objectGUID objectVersion possibleInferiors proxyAddresses sDRightsEffective serverReferenceBL showInAdvancedViewOnly structuralObjectClass subRefs subSchemaSubEntry systemFlags url uSNChanged uSNCreated wellKnownObjects whenChanged whenCreated wWWHomePage',
    under: 'lostAndFound',
  },
  {
    name: 'person',
    oid: '2.5.6.6',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Person',
    auxiliary: '',
    must: 'cn',
    may: 'seeAlso sn telephoneNumber userPassword',
    under: 'organizationalUnit container',
  },
  {
    name: 'organizationalPerson',
    oid: '2.5.6.7',
    superior: 'person',
    kind: 'STRUCTURAL',
    category: 'Person',
    auxiliary: '',
    must: '',
    may: 'assistant c co comment company countryCode department division employeeID facsimileTelephoneNumber generationQualifier givenName homePhone homePostalAddress initials internationalISDNNumber ipPhone l mail manager middleName mobile o otherHomePhone otherIpPhone otherMailbox otherMobile otherPager otherTelephone ou pager personalTitle physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod registeredAddress st street streetAddress telexNumber thumbnailLogo thumbnailPhoto title x121Address',
    under: 'organizationalUnit organization container',
  },
  {
    name: 'user',
    oid: '1.2.840.113556.1.5.9',
    superior: 'organizationalPerson',
    kind: 'STRUCTURAL',
    category: 'Person',
    auxiliary: 'securityPrincipal mailRecipient',
    must: '',
    may: 'accountExpires adminCount badPasswordTime badPwdCount businessCategory codePage departmentNumber displayName employeeNumber employeeType givenName homeDirectory homeDrive homePhone homePostalAddress initials jpegPhoto lastLogoff lastLogon lastLogonTimestamp lockoutTime logonCount logonHours mail manager mobile msDS-User-Account-Control-Computed msDS-UserPasswordExpiryTimeComputed o pager photo preferredLanguage primaryGroupID profilePath pwdLastSet roomNumber scriptPath secretary servicePrincipalName uid unicodePwd userAccountControl userCertificate userParameters userPrincipalName userSharedFolder userSMIMECertificate userWorkstations',
    under: 'builtinDomain organizationalUnit domainDNS container',
  },
  {
    name: 'contact',
    oid: '1.2.840.113556.1.5.15',
    superior: 'organizationalPerson',
    kind: 'STRUCTURAL',
    category: 'Person',
    auxiliary: 'mailRecipient',
    must: 'cn',
    may: '',
    under: 'organizationalUnit domainDNS',
  },
  {
    name: 'inetOrgPerson',
    oid: '2.16.840.1.113730.3.2.2',
    superior: 'user',
    kind: 'STRUCTURAL',
    category: 'Person',
    auxiliary: '',
    must: '',
    may: 'businessCategory departmentNumber displayName employeeNumber employeeType givenName homePhone homePostalAddress initials jpegPhoto mail manager mobile o pager photo preferredLanguage roomNumber secretary uid userCertificate userSMIMECertificate',
    under: 'domainDNS organizationalUnit container',
  },
  {
    name: 'computer',
    oid: '1.2.840.113556.1.3.30',
    superior: 'user',
    kind: 'STRUCTURAL',
    category: 'Computer',
    auxiliary: '',
    must: '',
    may: 'cn dNSHostName managedBy operatingSystem operatingSystemVersion',
    under: 'container organizationalUnit domainDNS',
  },
  {
    name: 'group',
    oid: '1.2.840.113556.1.5.8',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Group',
    auxiliary: 'mailRecipient securityPrincipal',
    must: 'groupType',
    may: 'adminCount mail managedBy member primaryGroupToken',
    under: 'container builtinDomain organizationalUnit domainDNS',
  },
  {
    name: 'organizationalUnit',
    oid: '2.5.6.5',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Organizational-Unit',
    auxiliary: '',
    must: 'ou',
    may: 'businessCategory c co countryCode facsimileTelephoneNumber internationalISDNNumber l managedBy physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod registeredAddress seeAlso st street telephoneNumber telexNumber thumbnailLogo userPassword x121Address',
    under: 'country organization organizationalUnit domainDNS',
  },
  {
    name: 'container',
    oid: '1.2.840.113556.1.3.23',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Container',
    auxiliary: '',
    must: 'cn',
    may: '',
    under: 'server domainDNS organization configuration container organizationalUnit',
  },
  {
    name: 'domain',
    oid: '1.2.840.113556.1.5.66',
    superior: 'top',
    kind: 'ABSTRACT',
    category: 'Domain-DNS',
    auxiliary: '',
    must: 'dc',
    may: '',
    under: 'domain organization',
  },
  {
    name: 'domainDNS',
    oid: '1.2.840.113556.1.5.67',
    superior: 'domain',
    kind: 'STRUCTURAL',
    category: 'Domain-DNS',
    auxiliary: 'samDomain',
    must: '',
    may: 'managedBy msDS-Behavior-Version',
    under: 'domainDNS',
  },
  {
    name: 'builtinDomain',
    oid: '1.2.840.113556.1.5.4',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Builtin-Domain',
    auxiliary: 'samDomainBase',
    must: '',
    may: '',
    under: 'domainDNS',
  },
  {
    name: 'lostAndFound',
    oid: '1.2.840.113556.1.5.139',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Lost-And-Found',
    auxiliary: '',
    must: '',
    may: '',
    under: 'configuration domainDNS dMD',
  },
  {
    name: 'mailRecipient',
    oid: '1.2.840.113556.1.3.46',
    superior: 'top',
    kind: 'AUXILIARY',
    category: 'Mail-Recipient',
    auxiliary: '',
    must: 'cn',
    may: 'info secretary showInAddressBook telephoneNumber textEncodedORAddress userCert userCertificate userSMIMECertificate extensionAttribute1 extensionAttribute2 extensionAttribute3 extensionAttribute4 extensionAttribute5 extensionAttribute6 extensionAttribute7 extensionAttribute8 extensionAttribute9 extensionAttribute10 extensionAttribute11 extensionAttribute12 extensionAttribute13 extensionAttribute14 extensionAttribute15 mailNickname',
    under: 'container',
  },
  {
    name: 'securityPrincipal',
    oid: '1.2.840.113556.1.5.6',
    superior: 'top',
    kind: 'AUXILIARY',
    category: 'Security-Principal',
    auxiliary: '',
    must: 'objectSid sAMAccountName',
    may: 'altSecurityIdentities nTSecurityDescriptor sAMAccountType sIDHistory supplementalCredentials tokenGroups',
    under: '',
  },
  {
    name: 'leaf',
    oid: '1.2.840.113556.1.5.20',
    superior: 'top',
    kind: 'ABSTRACT',
    category: 'Leaf',
    auxiliary: '',
    must: '',
    may: '',
    under: '',
  },
  {
    name: 'foreignSecurityPrincipal',
    oid: '1.2.840.113556.1.5.76',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Foreign-Security-Principal',
    auxiliary: '',
    must: 'objectSid',
    may: '',
    under: 'container',
  },
  {
    name: 'configuration',
    oid: '1.2.840.113556.1.5.12',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Configuration',
    auxiliary: '',
    must: 'cn',
    may: '',
    under: 'domainDNS',
  },
  {
    name: 'dMD',
    oid: '1.2.840.113556.1.3.9',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'DMD',
    auxiliary: '',
    must: 'cn',
    may: '',
    under: 'configuration',
  },
  {
    name: 'nTDSDSA',
    oid: '1.2.840.113556.1.5.7000.47',
    superior: 'applicationSettings',
    kind: 'STRUCTURAL',
    category: 'NTDS-DSA',
    auxiliary: '',
    must: '',
    may: 'dMDLocation hasMasterNCs invocationId managedBy msDS-Behavior-Version msDS-HasDomainNCs options serverReference',
    under: 'organization server',
  },
  {
    name: 'applicationSettings',
    oid: '1.2.840.113556.1.5.7000.49',
    superior: 'top',
    kind: 'ABSTRACT',
    category: 'Application-Settings',
    auxiliary: '',
    must: '',
    may: '',
    under: 'server',
  },
  {
    name: 'server',
    oid: '1.2.840.113556.1.5.17',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Server',
    auxiliary: '',
    must: '',
    may: 'dNSHostName managedBy serverReference',
    under: 'serversContainer',
  },
  {
    name: 'site',
    oid: '1.2.840.113556.1.5.31',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Site',
    auxiliary: '',
    must: '',
    may: 'managedBy',
    under: 'sitesContainer',
  },
  {
    name: 'sitesContainer',
    oid: '1.2.840.113556.1.5.107',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Sites-Container',
    auxiliary: '',
    must: '',
    may: '',
    under: 'configuration',
  },
  {
    name: 'serversContainer',
    oid: '1.2.840.113556.1.5.7000.48',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Servers-Container',
    auxiliary: '',
    must: '',
    may: '',
    under: 'site',
  },
  {
    name: 'subSchema',
    oid: '2.5.20.1',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'SubSchema',
    auxiliary: '',
    must: '',
    may: 'attributeTypes extendedAttributeInfo extendedClassInfo modifyTimeStamp objectClasses',
    under: 'dMD',
  },
  {
    name: 'groupOfNames',
    oid: '2.5.6.9',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Group-Of-Names',
    auxiliary: '',
    must: 'cn member',
    may: 'businessCategory o ou seeAlso',
    under: 'organizationalUnit locality organization container',
  },
  {
    name: 'locality',
    oid: '2.5.6.3',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Locality',
    auxiliary: '',
    must: 'l',
    may: 'seeAlso st street',
    under: 'domainDNS country organizationalUnit organization locality',
  },
  {
    name: 'organization',
    oid: '2.5.6.4',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Organization',
    auxiliary: '',
    must: 'o',
    may: 'businessCategory facsimileTelephoneNumber internationalISDNNumber l physicalDeliveryOfficeName postalAddress postalCode postOfficeBox preferredDeliveryMethod registeredAddress seeAlso st street telephoneNumber telexNumber userPassword x121Address',
    under: 'locality country domainDNS',
  },
  {
    name: 'country',
    oid: '2.5.6.2',
    superior: 'top',
    kind: 'STRUCTURAL',
    category: 'Country',
    auxiliary: '',
    must: 'c',
    may: 'co',
    under: 'domainDNS organization',
  },
  {
    name: 'samDomain',
    oid: '1.2.840.113556.1.5.3',
    superior: 'top',
    kind: 'AUXILIARY',
    category: 'Sam-Domain',
    auxiliary: 'samDomainBase',
    must: '',
    may: 'creationTime description lockoutDuration lockOutObservationWindow lockoutThreshold maxPwdAge minPwdAge minPwdLength ms-DS-MachineAccountQuota msDS-AllUsersTrustQuota nextRid pwdHistoryLength pwdProperties rIDManagerReference',
    under: '',
  },
  {
    name: 'samDomainBase',
    oid: '1.2.840.113556.1.5.2',
    superior: 'top',
    kind: 'AUXILIARY',
    category: 'Sam-Domain-Base',
    auxiliary: '',
    must: '',
    may: 'creationTime lockoutDuration lockOutObservationWindow lockoutThreshold maxPwdAge minPwdAge minPwdLength nextRid nTSecurityDescriptor objectSid pwdHistoryLength pwdProperties',
    under: '',
  },
  {
    name: 'groupPolicyContainer',
    oid: '1.2.840.113556.1.5.157',
    superior: 'container',
    kind: 'STRUCTURAL',
    category: 'Group-Policy-Container',
    auxiliary: '',
    must: '',
    may: '',
    under: '',
  },
];
