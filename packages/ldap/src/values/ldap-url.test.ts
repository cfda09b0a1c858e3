import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printFilter } from '../filter/print-filter.ts';
import { parseLdapUrl } from './ldap-url.ts';
import { LdapTextError } from './text-error.ts';

test.each([
  ['ldap:///ou=People,dc=corp??sub?(title=Manager)', 'ou=People,dc=corp', 'sub', '(title=Manager)'],
  ['LDAP://host:389/ou=A%20B,dc=corp?cn,mail?ONE', 'ou=A B,dc=corp', 'one', '(objectClass=*)'],
  ['ldap:///dc=corp', 'dc=corp', 'base', '(objectClass=*)'],
  ['ldap://', '', 'base', '(objectClass=*)'],
  ['ldap:///o=Caf%C3%A9%5C%2C%20Inc??sub?(cn=a%3fb)?bindname=x', 'o=Café\\, Inc', 'sub', '(cn=a?b)'],
  ['ldaps:///dc=corp??sub?(&(a=1)(|(b=2)(c=3)))', 'dc=corp', 'sub', '(&(a=1)(|(b=2)(c=3)))'],
])('%s', (text, base, scope, filter) => {
  const url = parseLdapUrl(text);
  expect([url.base, url.scope, printFilter(url.filter)]).toEqual([base, scope, filter]);
});

test.each([
  ['http://corp/', 'ldap://host/base'],
  ['ldap:///dc=corp??below', 'base, one or sub'],
  ['ldap:///dc=corp??sub?(title=', 'ilter'],
  ['ldap:///nonsense??sub', 'Distinguished name'],
  ['ldap:///dc=%zz', 'percent'],
  ['ldap:///dc=corp??sub?(a=1)?!x', 'critical'],
  ['ldap:///dc=corp??sub?(a=1)?x?y', 'question marks'],
])('%s is refused with the reason', (text, reason) => {
  expect(() => parseLdapUrl(text)).toThrow(LdapTextError);
  expect(() => parseLdapUrl(text)).toThrow(reason);
});

test('whatever the text, it is a search or a coded error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `ldap:///${text}`),
      ),
      (text) => {
        try {
          parseLdapUrl(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapTextError);
        }
      },
    ),
  );
});
