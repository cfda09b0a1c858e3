import type { AttributeType, Schema } from '@sallyport/ldap';
import type { Dialect } from './dialect.ts';

/** Attributes of a syntax for bytes whose values are text in every directory we know. */
const TEXT_IN_OCTETS = new Set([
  'userpassword',
  'authpassword',
  'entrycsn',
  'contextcsn',
  'searchguide',
  'enhancedsearchguide',
  'telexnumber',
  'teletexterminalidentifier',
  'changes',
]);

/** Whether values of this type are bytes to whoever maps them: Base64 on the way in and on the way out. */
export function isBinaryType(type: AttributeType | undefined): boolean {
  return type?.isBinary === true && !type.names.some((name) => TEXT_IN_OCTETS.has(name.toLowerCase()));
}

/**
 * The dialect with every attribute that the directory's schema gives a syntax for bytes: a GUID that a product has added
 * (`msExchMailboxGuid`) would not survive being read as text.
 */
export function withBinarySyntaxes(dialect: Dialect, schema: Schema): Dialect {
  const names = schema.attributeTypes.filter(isBinaryType).flatMap((type) => type.names);
  const binaryAttributes = new Set([...dialect.binaryAttributes, ...names.map((name) => name.toLowerCase())]);
  return { ...dialect, binaryAttributes };
}
