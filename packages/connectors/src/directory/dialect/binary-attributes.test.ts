import { defaultSchema, parseSubschema } from '@sallyport/ldap';
import { expect, test } from 'vitest';
import { activeDirectory } from './active-directory.ts';
import { isBinaryType, withBinarySyntaxes } from './binary-attributes.ts';

test('an attribute that a product has added with a syntax for bytes is read as bytes, text in octets is not', () => {
  const { schema } = parseSubschema({
    attributeTypes: [
      "( 1.2.840.113556.1.2.596 NAME 'msExchHomeServerName' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' SINGLE-VALUE )",
      "( 1.2.840.113556.1.4.7000.102.53 NAME 'msExchMailboxGuid' SYNTAX '1.3.6.1.4.1.1466.115.121.1.40' SINGLE-VALUE )",
      "( 2.5.4.35 NAME 'userPassword' SYNTAX '1.3.6.1.4.1.1466.115.121.1.40' )",
    ],
    objectClasses: [],
    matchingRules: [],
    ldapSyntaxes: [],
  });
  const { binaryAttributes } = withBinarySyntaxes(activeDirectory, schema);
  expect(binaryAttributes.has('msexchmailboxguid')).toBe(true);
  expect(binaryAttributes.has('objectsid')).toBe(true);
  expect(binaryAttributes.has('msexchhomeservername')).toBe(false);
  expect(binaryAttributes.has('userpassword')).toBe(false);
  expect(isBinaryType(defaultSchema.attribute('jpegPhoto'))).toBe(true);
  expect(isBinaryType(undefined)).toBe(false);
});
