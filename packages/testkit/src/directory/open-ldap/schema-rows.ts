import type { ClassRow } from '../core/attribute-row.ts';

/**
 * The user schema of RFC 4519, RFC 4524 and RFC 2798 as slapd loads it, what people use of RFC 2307 and of dynamic
 * groups, and its operational attributes: name, OID, syntax, flags. S single-valued, R set by the server, O operational,
 * C computed when read.
 */
export const attributeTable = `
objectClass 2.5.4.0 oid -
structuralObjectClass 2.5.21.9 oid SRO
createTimestamp 2.5.18.1 time SRO
modifyTimestamp 2.5.18.2 time SRO
creatorsName 2.5.18.3 dn SRO
modifiersName 2.5.18.4 dn SRO
hasSubordinates 2.5.18.9 boolean SROC
subschemaSubentry 2.5.18.10 dn SROC
entryDN 1.3.6.1.1.20 dn SROC
entryUUID 1.3.6.1.1.16.4 uuid SRO
entryCSN 1.3.6.1.4.1.4203.666.1.7 exactString SROC
contextCSN 1.3.6.1.4.1.4203.666.1.25 exactString ROC
memberOf 1.2.840.113556.1.2.102 dn ROC
attributeTypes 2.5.21.5 text RO
objectClasses 2.5.21.6 text RO
cn 2.5.4.3 text -
sn 2.5.4.4 text -
serialNumber 2.5.4.5 text -
c 2.5.4.6 text S
l 2.5.4.7 text -
st 2.5.4.8 text -
street 2.5.4.9 text -
o 2.5.4.10 text -
ou 2.5.4.11 text -
title 2.5.4.12 text -
description 2.5.4.13 text -
searchGuide 2.5.4.14 text -
businessCategory 2.5.4.15 text -
postalAddress 2.5.4.16 text -
postalCode 2.5.4.17 text -
postOfficeBox 2.5.4.18 text -
physicalDeliveryOfficeName 2.5.4.19 text -
telephoneNumber 2.5.4.20 telephone -
facsimileTelephoneNumber 2.5.4.23 telephone -
x121Address 2.5.4.24 numeric -
registeredAddress 2.5.4.26 text -
destinationIndicator 2.5.4.27 text -
preferredDeliveryMethod 2.5.4.28 text S
member 2.5.4.31 dn -
owner 2.5.4.32 dn -
roleOccupant 2.5.4.33 dn -
seeAlso 2.5.4.34 dn -
userPassword 2.5.4.35 octets -
userCertificate 2.5.4.36 octets -
name 2.5.4.41 text -
givenName 2.5.4.42 text -
initials 2.5.4.43 text -
generationQualifier 2.5.4.44 text -
uniqueMember 2.5.4.50 dn -
uid 0.9.2342.19200300.100.1.1 text -
mail 0.9.2342.19200300.100.1.3 ia5 -
info 0.9.2342.19200300.100.1.4 text -
drink 0.9.2342.19200300.100.1.5 text -
roomNumber 0.9.2342.19200300.100.1.6 text -
photo 0.9.2342.19200300.100.1.7 octets -
host 0.9.2342.19200300.100.1.9 text -
manager 0.9.2342.19200300.100.1.10 dn -
homePhone 0.9.2342.19200300.100.1.20 telephone -
secretary 0.9.2342.19200300.100.1.21 dn -
dc 0.9.2342.19200300.100.1.25 ia5 S
associatedDomain 0.9.2342.19200300.100.1.37 ia5 -
homePostalAddress 0.9.2342.19200300.100.1.39 text -
personalTitle 0.9.2342.19200300.100.1.40 text -
mobile 0.9.2342.19200300.100.1.41 telephone -
pager 0.9.2342.19200300.100.1.42 telephone -
co 0.9.2342.19200300.100.1.43 text -
organizationalStatus 0.9.2342.19200300.100.1.45 text -
jpegPhoto 0.9.2342.19200300.100.1.60 octets -
carLicense 2.16.840.1.113730.3.1.1 text -
departmentNumber 2.16.840.1.113730.3.1.2 text -
employeeNumber 2.16.840.1.113730.3.1.3 text S
employeeType 2.16.840.1.113730.3.1.4 text -
preferredLanguage 2.16.840.1.113730.3.1.39 text S
userSMIMECertificate 2.16.840.1.113730.3.1.40 octets -
userPKCS12 2.16.840.1.113730.3.1.216 octets -
displayName 2.16.840.1.113730.3.1.241 text S
labeledURI 1.3.6.1.4.1.250.1.57 exactString -
uidNumber 1.3.6.1.1.1.1.0 integer S
gidNumber 1.3.6.1.1.1.1.1 integer S
gecos 1.3.6.1.1.1.1.2 ia5 S
homeDirectory 1.3.6.1.1.1.1.3 exactString S
loginShell 1.3.6.1.1.1.1.4 exactString S
memberUid 1.3.6.1.1.1.1.12 exactString -
memberURL 2.16.840.1.113730.3.1.198 exactString -
`;

const person = 'seeAlso userPassword telephoneNumber description';
const place =
  'street postOfficeBox postalCode postalAddress physicalDeliveryOfficeName st l description x121Address registeredAddress destinationIndicator preferredDeliveryMethod telephoneNumber facsimileTelephoneNumber';
const organisation = `userPassword searchGuide seeAlso businessCategory ${place}`;

export const classRows: readonly ClassRow[] = [
  ['top', '2.5.6.0', 'top', 'ABSTRACT', 'objectClass', ''],
  ['country', '2.5.6.2', 'top', 'STRUCTURAL', 'c', 'searchGuide description'],
  ['locality', '2.5.6.3', 'top', 'STRUCTURAL', '', 'street seeAlso searchGuide st l description'],
  ['organization', '2.5.6.4', 'top', 'STRUCTURAL', 'o', organisation],
  ['organizationalUnit', '2.5.6.5', 'top', 'STRUCTURAL', 'ou', organisation],
  ['person', '2.5.6.6', 'top', 'STRUCTURAL', 'sn cn', person],
  ['organizationalPerson', '2.5.6.7', 'person', 'STRUCTURAL', '', `title ou ${place}`],
  ['organizationalRole', '2.5.6.8', 'top', 'STRUCTURAL', 'cn', `roleOccupant seeAlso ou ${place}`],
  [
    'groupOfNames',
    '2.5.6.9',
    'top',
    'STRUCTURAL',
    'member cn',
    'businessCategory seeAlso owner ou o description',
  ],
  [
    'groupOfUniqueNames',
    '2.5.6.17',
    'top',
    'STRUCTURAL',
    'uniqueMember cn',
    'businessCategory seeAlso owner ou o description',
  ],
  ['account', '0.9.2342.19200300.100.4.5', 'top', 'STRUCTURAL', 'uid', 'description seeAlso l o ou host'],
  [
    'domain',
    '0.9.2342.19200300.100.4.13',
    'top',
    'STRUCTURAL',
    'dc',
    `userPassword searchGuide seeAlso businessCategory o associatedDomain ${place}`,
  ],
  ['simpleSecurityObject', '0.9.2342.19200300.100.4.19', 'top', 'AUXILIARY', 'userPassword', ''],
  ['uidObject', '1.3.6.1.1.3.1', 'top', 'AUXILIARY', 'uid', ''],
  ['dcObject', '1.3.6.1.4.1.1466.344', 'top', 'AUXILIARY', 'dc', ''],
  [
    'inetOrgPerson',
    '2.16.840.1.113730.3.2.2',
    'organizationalPerson',
    'STRUCTURAL',
    '',
    'carLicense departmentNumber displayName employeeNumber employeeType givenName homePhone homePostalAddress initials jpegPhoto labeledURI mail manager mobile o pager photo preferredLanguage roomNumber secretary uid userCertificate userPKCS12 userSMIMECertificate businessCategory audio',
  ],
  [
    'posixAccount',
    '1.3.6.1.1.1.2.0',
    'top',
    'AUXILIARY',
    'cn uid uidNumber gidNumber homeDirectory',
    'userPassword loginShell gecos description',
  ],
  [
    'posixGroup',
    '1.3.6.1.1.1.2.2',
    'top',
    'STRUCTURAL',
    'cn gidNumber',
    'userPassword memberUid description',
  ],
  [
    'groupOfURLs',
    '2.16.840.1.113730.3.2.33',
    'top',
    'STRUCTURAL',
    'cn',
    'memberURL businessCategory description o ou owner seeAlso member',
  ],
  ['subschema', '2.5.20.1', 'top', 'AUXILIARY', '', 'attributeTypes objectClasses'],
];
