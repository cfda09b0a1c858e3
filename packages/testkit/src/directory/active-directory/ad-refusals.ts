import type { ResultCodeName } from '@sallyport/ldap';
import type { ValueFaults } from '../core/attribute-values.ts';
import { DirectoryRefusal } from '../core/directory-refusal.ts';
import type { AttributeRule } from '../core/directory-schema.ts';

/*
 * Diagnostic messages as Active Directory words them: a Win32 code in hexadecimal first, which clients read, then the
 * component and its problem number, and a NUL at the end, which careless clients print.
 */

function refuse(code: ResultCodeName, message: string, matchedDn = ''): never {
  throw new DirectoryRefusal(code, `${message}\u0000`, matchedDn);
}

function updateRefused(code: ResultCodeName, win32: string, problem: string): never {
  return refuse(code, `${win32}: UpdErr: DSID-031B0E0D, problem ${problem}, data 0\n`);
}

function attributeRefused(code: ResultCodeName, win32: string, problem: string, rule: AttributeRule): never {
  return refuse(
    code,
    `${win32}: AtrErr: DSID-03191083, #1:\n\t0: ${win32}: DSID-03191083, problem ${problem}, data 0, Att 0 (${rule.name})\n`,
  );
}

function unwilling(win32: string): never {
  return refuse(
    'unwillingToPerform',
    `${win32}: SvcErr: DSID-031A1254, problem 5003 (WILL_NOT_PERFORM), data 0\n`,
  );
}

export const adRefusals = {
  noObject: (matchedDn: string): never =>
    refuse(
      'noSuchObject',
      `0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'${matchedDn}'\n`,
      matchedDn,
    ),
  badName: (name: string): never =>
    refuse(
      'invalidDnSyntax',
      `0000208F: NameErr: DSID-031001F7, problem 2006 (BAD_NAME), data 8349, best match of:\n\t'${name}'\n`,
    ),
  bindFirst: (): never =>
    refuse(
      'operationsError',
      '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563',
    ),
  noRight: (): never =>
    refuse(
      'insufficientAccessRights',
      '00000005: SecErr: DSID-03152870, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n',
    ),
  noReplicationRight: (): never =>
    refuse(
      'insufficientAccessRights',
      '00002105: SecErr: DSID-032425A1, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n',
    ),
  entryExists: (): never => updateRefused('entryAlreadyExists', '00002071', '6005 (ENTRY_EXISTS)'),
  accountExists: (): never => updateRefused('entryAlreadyExists', '00000524', '6005 (ENTRY_EXISTS)'),
  groupExists: (): never => updateRefused('entryAlreadyExists', '00000526', '6005 (ENTRY_EXISTS)'),
  alreadyMember: (): never => updateRefused('entryAlreadyExists', '00000562', '6005 (ENTRY_EXISTS)'),
  hasChildren: (): never => updateRefused('notAllowedOnNonLeaf', '00002015', '6003 (CANT_ON_NON_LEAF)'),
  onRdn: (): never => updateRefused('notAllowedOnRdn', '00002016', '6004 (CANT_ON_RDN)'),
  classViolation: (): never =>
    updateRefused('objectClassViolation', '0000207D', '6002 (OBJ_CLASS_VIOLATION)'),
  namingViolation: (): never =>
    refuse('namingViolation', '00002099: NameErr: DSID-0305109C, problem 2005 (NAMING_VIOLATION), data 0\n'),
  notMember: (): never => unwilling('00000561'),
  needsPassword: (): never => unwilling('0000052D'),
  needsEncryption: (): never => unwilling('0000001F'),
  illFormedPassword: (): never => unwilling('0000052C'),
  systemObject: (): never => unwilling('00002073'),
  notSearchable: (): never => unwilling('000020F7'),
  badAccountName: (): never =>
    refuse('other', '00000523: SysErr: DSID-031A1202, problem 22 (Invalid argument), data 0\n'),
  badArgument: (): never =>
    refuse('other', '00000057: SysErr: DSID-031A1202, problem 22 (Invalid argument), data 0\n'),
  unknownAttribute: (): never =>
    refuse(
      'noSuchAttribute',
      '00000057: LdapErr: DSID-0C090D8A, comment: Error in attribute conversion operation, data 0, v4563',
    ),
  weakPassword: (rule: AttributeRule): never =>
    attributeRefused('constraintViolation', '0000052D', '1005 (CONSTRAINT_ATT_TYPE)', rule),
  wrongOldPassword: (rule: AttributeRule): never =>
    attributeRefused('constraintViolation', '00000056', '1005 (CONSTRAINT_ATT_TYPE)', rule),
  notUnique: (rule: AttributeRule): never =>
    attributeRefused('constraintViolation', '000021C8', '1005 (CONSTRAINT_ATT_TYPE)', rule),
  systemOnly: (rule: AttributeRule): never =>
    attributeRefused('constraintViolation', '000020B1', '1005 (CONSTRAINT_ATT_TYPE)', rule),
  badControl: (): never =>
    refuse(
      'unavailableCriticalExtension',
      '00000057: LdapErr: DSID-0C0907B5, comment: Error processing control, data 0, v4563',
    ),
  badDirSyncCookie: (): never =>
    refuse(
      'unavailableCriticalExtension',
      '0000203D: LdapErr: DSID-0C090C6D, comment: Error processing control, data 0, v4563',
    ),
  unsupportedControl: (): never =>
    refuse(
      'unavailableCriticalExtension',
      '00000057: LdapErr: DSID-0C090DC6, comment: Error processing control, data 0, v4563',
    ),
  tooManyNotifications: (): never =>
    refuse('busy', '00002024: SvcErr: DSID-0314064F, problem 5001 (BUSY), data 0\n'),
  /** `data` is the reason: 52e wrong password, 525 no such user, 533 disabled, 701 expired, 773 must change, 775 locked. */
  badCredentials: (data: string): never =>
    refuse(
      'invalidCredentials',
      `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data ${data}, v4563`,
    ),
} as const;

export const adValueFaults: ValueFaults = {
  valueExists: (rule) =>
    attributeRefused('attributeOrValueExists', '00002083', '1006 (ATT_OR_VALUE_EXISTS)', rule),
  noSuchValue: (rule) => attributeRefused('noSuchAttribute', '00002085', '1001 (NO_ATTRIBUTE_OR_VAL)', rule),
  notSingle: (rule) =>
    attributeRefused('constraintViolation', '00002081', '1005 (CONSTRAINT_ATT_TYPE)', rule),
  badSyntax: (rule) =>
    attributeRefused('invalidAttributeSyntax', '00000057', '1007 (ATT_VALUE_SYNTAX)', rule),
};
