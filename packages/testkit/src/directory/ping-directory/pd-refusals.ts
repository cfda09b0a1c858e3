import type { ResultCodeName } from '@sallyport/ldap';
import type { ValueFaults } from '../core/attribute-values.ts';
import { DirectoryRefusal } from '../core/directory-refusal.ts';
import type { AttributeRule } from '../core/directory-schema.ts';
import type { SchemaRefusals } from '../core/schema-rules.ts';

function refuse(code: ResultCodeName, message = '', matchedDn = ''): never {
  throw new DirectoryRefusal(code, message, matchedDn);
}

const pdSchemaRefusals: SchemaRefusals = {
  notAllowed: (rule) =>
    refuse('objectClassViolation', `Attribute ${rule.name} is not allowed by any of the object classes`),
  missing: (className, attribute) =>
    refuse('objectClassViolation', `Object class ${className} requires attribute ${attribute}`),
  noStructuralClass: () => refuse('objectClassViolation', 'The entry has no structural object class'),
  unknownClass: (name) => refuse('objectClassViolation', `Object class ${name} is not defined in the schema`),
  unknownAttribute: (name) =>
    refuse('objectClassViolation', `Attribute type ${name} is not defined in the schema`),
  systemOnly: (rule) =>
    refuse('constraintViolation', `Attribute ${rule.name} is declared NO-USER-MODIFICATION`),
  namingValueAbsent: (type) =>
    refuse('constraintViolation', `The entry lacks the RDN value of attribute ${type}`),
  onRdn: (rule) => refuse('notAllowedOnRdn', `Attribute ${rule.name} is part of the RDN of the entry`),
};

/** Refusals as PingDirectory makes them; the wording is ours. */
export const pdRefusals = {
  ...pdSchemaRefusals,
  noObject: (matchedDn: string): never => refuse('noSuchObject', 'The entry does not exist', matchedDn),
  badName: (): never => refuse('invalidDnSyntax', 'The value is no DN'),
  noRight: (): never => refuse('insufficientAccessRights', 'You do not have sufficient access rights'),
  noChangelogRight: (): never =>
    refuse('insufficientAccessRights', 'You do not have the right to read the changelog'),
  noChangelog: (): never => refuse('unwillingToPerform', 'The changelog backend is not enabled'),
  entryExists: (): never => refuse('entryAlreadyExists', 'An entry of that name exists already'),
  hasChildren: (): never => refuse('notAllowedOnNonLeaf', 'The entry has subordinates'),
  intoItself: (): never => refuse('unwillingToPerform', 'The new superior lies below the entry'),
  softDeletedTwice: (): never => refuse('unwillingToPerform', 'The entry is soft-deleted already'),
  softDeletedTarget: (): never => refuse('unwillingToPerform', 'A soft-deleted entry cannot be renamed'),
  badUndelete: (why: string): never =>
    refuse('unwillingToPerform', `The undelete request cannot be done: ${why}`),
  badCredentials: (): never => refuse('invalidCredentials'),
  emptyPassword: (): never => refuse('unwillingToPerform', 'A simple bind with a DN needs a password'),
  badPageCookie: (): never => refuse('unwillingToPerform', 'The paged results cookie is not valid'),
  unsupportedControl: (): never =>
    refuse('unavailableCriticalExtension', 'A critical control is not supported for the operation'),
  badToken: (): never => refuse('unwillingToPerform', 'The starting point cannot be decoded'),
  malformed: (message: string): never => refuse('protocolError', message),
} as const;

export const pdValueFaults: ValueFaults = {
  valueExists: (rule: AttributeRule) =>
    refuse('attributeOrValueExists', `A value of attribute ${rule.name} exists already`),
  noSuchValue: (rule) => refuse('noSuchAttribute', `A value of attribute ${rule.name} does not exist`),
  notSingle: (rule) => refuse('objectClassViolation', `Attribute ${rule.name} is single-valued`),
  badSyntax: (rule) =>
    refuse('invalidAttributeSyntax', `A value of attribute ${rule.name} violates its syntax`),
};
