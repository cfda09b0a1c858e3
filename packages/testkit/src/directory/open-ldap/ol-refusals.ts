import type { ResultCodeName } from '@sallyport/ldap';
import type { ValueFaults } from '../core/attribute-values.ts';
import { DirectoryRefusal } from '../core/directory-refusal.ts';
import type { AttributeRule } from '../core/directory-schema.ts';

function refuse(code: ResultCodeName, message = '', matchedDn = ''): never {
  throw new DirectoryRefusal(code, message, matchedDn);
}

/** Refusals as slapd words them. */
export const olRefusals = {
  noObject: (matchedDn: string): never => refuse('noSuchObject', '', matchedDn),
  badName: (): never => refuse('invalidDnSyntax', 'invalid DN'),
  noRight: (): never => refuse('insufficientAccessRights', 'no write access to entry'),
  entryExists: (): never => refuse('entryAlreadyExists'),
  hasChildren: (): never => refuse('notAllowedOnNonLeaf', 'subordinate objects must be deleted first'),
  notAllowed: (rule: AttributeRule): never =>
    refuse('objectClassViolation', `attribute '${rule.name}' not allowed`),
  missing: (className: string, attribute: string): never =>
    refuse('objectClassViolation', `object class '${className}' requires attribute '${attribute}'`),
  noStructuralClass: (): never => refuse('objectClassViolation', 'no structural object class provided'),
  unknownClass: (name: string): never =>
    refuse('invalidAttributeSyntax', `objectClass: value #0 invalid per syntax (${name})`),
  unknownAttribute: (name: string): never =>
    refuse('undefinedAttributeType', `${name}: attribute type undefined`),
  systemOnly: (rule: AttributeRule): never =>
    refuse('constraintViolation', `${rule.name}: no user modification allowed`),
  namingValueAbsent: (type: string): never =>
    refuse('namingViolation', `value of naming attribute '${type}' is not present in entry`),
  onRdn: (rule: AttributeRule): never =>
    refuse('notAllowedOnRdn', `value of naming attribute '${rule.name}' is not present in entry`),
  intoItself: (): never =>
    refuse('unwillingToPerform', 'new superior not allowed to be a child of the entry'),
  badCredentials: (): never => refuse('invalidCredentials'),
  emptyPassword: (): never =>
    refuse('unwillingToPerform', 'unauthenticated bind (DN with no password) disallowed'),
  badPageCookie: (): never => refuse('unwillingToPerform', 'paged results cookie is invalid or old'),
  unsupportedControl: (): never =>
    refuse('unavailableCriticalExtension', 'critical extension is not recognized'),
  staleSyncCookie: (): never => refuse('syncRefreshRequired', 'sync cookie is stale'),
} as const;

export const olValueFaults: ValueFaults = {
  valueExists: (rule) =>
    refuse('attributeOrValueExists', `modify/add: ${rule.name}: value #0 already exists`),
  noSuchValue: (rule) => refuse('noSuchAttribute', `modify/delete: ${rule.name}: no such value`),
  notSingle: (rule) => refuse('constraintViolation', `${rule.name}: multiple values provided`),
  badSyntax: (rule) => refuse('invalidAttributeSyntax', `${rule.name}: value #0 invalid per syntax`),
};
