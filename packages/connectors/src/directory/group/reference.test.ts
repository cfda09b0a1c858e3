import { expect, test } from 'vitest';
import { dnReference, loginReference, memberReference } from './reference.ts';

test('one object has one reference, however its name is written', () => {
  const reference = dnReference('CN=Silva\\, Ana,OU=Sales,DC=corp,DC=example');
  expect(dnReference('cn=Silva\\2c  Ana , ou=SALES,dc=Corp,dc=example')).toBe(reference);
  expect(memberReference("CN=Silva\\, Ana,OU=Sales,DC=corp,DC=example#'0101'B")).toBe(reference);
  expect(memberReference("CN=O'B,DC=corp")).toBe(dnReference("cn=o'b,dc=corp"));
  expect(dnReference('not a name')).toBe('dn:not a name');
  expect(loginReference(' JDoe ')).toBe('uid:jdoe');
});
