import type { ClassRow } from '../core/attribute-row.ts';

/**
 * What PingDirectory has beside the user schema of RFC 4519, 4524 and 2798: name, OID, syntax, flags. S single-valued,
 * R set by the server, O operational, C computed when read. OIDs that the vendor has not published stand in the arc for
 * examples, 2.999.
 */
export const pdAttributeTable = `
objectClass 2.5.4.0 oid -
createTimestamp 2.5.18.1 time SRO
modifyTimestamp 2.5.18.2 time SRO
creatorsName 2.5.18.3 dn SRO
modifiersName 2.5.18.4 dn SRO
hasSubordinates 2.5.18.9 boolean SROC
subschemaSubentry 2.5.18.10 dn SROC
entryDN 1.3.6.1.1.20 dn SROC
entryUUID 1.3.6.1.1.16.4 uuid SRO
attributeTypes 2.5.21.5 text RO
objectClasses 2.5.21.6 text RO
isMemberOf 1.3.6.1.4.1.42.2.27.9.1.792 dn ROC
isDirectMemberOf 2.999.1.1 dn ROC
memberURL 2.16.840.1.113730.3.1.198 exactString -
ds-target-group-dn 1.3.6.1.4.1.26027.1.1.179 dn S
ds-pwp-account-disabled 1.3.6.1.4.1.26027.1.1.166 anyCaseBoolean SO
ds-pwp-account-activation-time 2.999.1.2 time SO
ds-pwp-account-expiration-time 1.3.6.1.4.1.26027.1.1.167 time SO
ds-pwp-password-policy-dn 1.3.6.1.4.1.26027.1.1.244 dn SO
ds-soft-delete-from-dn 2.999.1.3 dn SRO
ds-soft-delete-requester-dn 2.999.1.4 dn SRO
ds-soft-delete-requester-ip-address 2.999.1.5 text SRO
ds-soft-delete-timestamp 2.999.1.6 time SRO
ds-undelete-from-dn 2.999.1.7 dn SO
changeNumber 2.16.840.1.113730.3.1.5 integer S
targetDN 2.16.840.1.113730.3.1.6 dn S
changeType 2.16.840.1.113730.3.1.7 text S
changes 2.16.840.1.113730.3.1.8 octets S
newRDN 2.16.840.1.113730.3.1.9 dn S
deleteOldRDN 2.16.840.1.113730.3.1.10 anyCaseBoolean S
newSuperior 2.16.840.1.113730.3.1.11 dn S
deletedEntryAttrs 2.999.1.8 octets S
ds-changelog-before-values 2.999.1.9 octets S
ds-changelog-after-values 2.999.1.10 octets S
ds-changelog-entry-key-attr-values 2.999.1.11 octets S
ds-changelog-attr-exceeded-max-values-count 2.999.1.12 text -
targetUniqueID 1.3.6.1.4.1.26027.1.1.590 text SO
changeTime 2.16.840.1.113730.3.1.77 time SO
localCSN 2.999.1.13 text SO
replicationCSN 2.999.1.14 text SO
replicaIdentifier 2.999.1.15 integer SO
ds-soft-delete-entry-dn 2.999.1.16 dn SO
ds-change-to-soft-deleted-entry 2.999.1.17 anyCaseBoolean SO
`;

const groupMay = 'businessCategory seeAlso owner ou o description';

/** Groups may be empty here, unlike RFC 4519 has it. */
export const pdClassRows: readonly ClassRow[] = [
  ['groupOfNames', '2.5.6.9', 'top', 'STRUCTURAL', 'cn', `member ${groupMay}`],
  ['groupOfUniqueNames', '2.5.6.17', 'top', 'STRUCTURAL', 'cn', `uniqueMember ${groupMay}`],
  ['groupOfEntries', '1.2.826.0.1.3458854.2.1.1.1', 'top', 'STRUCTURAL', 'cn', `member ${groupMay}`],
  ['groupOfURLs', '2.16.840.1.113730.3.2.33', 'top', 'STRUCTURAL', 'cn', `memberURL ${groupMay}`],
  ['ds-virtual-static-group', '2.999.2.1', 'top', 'AUXILIARY', 'ds-target-group-dn', ''],
  ['ds-soft-delete-entry', '2.999.2.2', 'top', 'AUXILIARY', '', ''],
  ['untypedObject', '1.3.6.1.4.1.26027.1.2.900', 'top', 'STRUCTURAL', '', 'cn'],
  [
    'changeLogEntry',
    '2.16.840.1.113730.3.2.1',
    'top',
    'STRUCTURAL',
    'changeNumber targetDN changeType',
    'changes newRDN deleteOldRDN newSuperior deletedEntryAttrs ds-changelog-before-values ds-changelog-after-values ds-changelog-entry-key-attr-values ds-changelog-attr-exceeded-max-values-count',
  ],
];
