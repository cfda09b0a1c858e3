import { compileText } from '@sallyport/engine';
import { parseDn } from '@sallyport/ldap';
import { newUuid } from '@sallyport/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeUserValues } from '../../identity-store/user-source.ts';
import { composeDn, type Naming } from './compose-dn.ts';

const base = parseDn('ou=Staff,dc=corp,dc=example');
const parent = parseDn('ou=New\\, here,ou=Staff,dc=corp,dc=example');

function naming(expression?: string): Naming {
  return {
    base,
    parent,
    rdnAttribute: 'cn',
    expression: expression === undefined ? undefined : compileText(expression),
  };
}

function user(profile: Readonly<Record<string, unknown>>) {
  const data = JSON.parse(JSON.stringify({ username: 'ana', ...profile }));
  return makeUserValues({
    id: newUuid(),
    enabled: true,
    profile: data,
    population: { id: 'p', name: 'Sales' },
  });
}

function dnOf(expression: string | undefined, profile: Readonly<Record<string, unknown>>, rdn = 'Ana') {
  const made = composeDn(naming(expression), user(profile), rdn, 0);
  return made.ok ? made.dn.text : made.code;
}

/** Texts that are made to break names, beside any text at all. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(',', '=', '+', '"', '\\', '#', ';', '<', '>', ' ', '\0', '\n', 'o', 'u', '2', 'c'),
  }),
  fc.constantFrom(
    'x,dc=corp,dc=example',
    'x,ou=Admins',
    'x+uid=root',
    '#0402414e',
    '\\',
    '"',
    'Admins,ou=Staff,dc=corp,dc=example',
    ' ',
    '\ufdd0',
    '\ud800',
  ),
);

describe('without an expression', () => {
  test('an entry lies right below its parent, its value escaped as RFC 4514 has it', () => {
    expect(dnOf(undefined, {}, 'Silva, Ana')).toBe(
      'cn=Silva\\, Ana,ou=New\\, here,ou=Staff,dc=corp,dc=example',
    );
    expect(dnOf(undefined, {}, '#1')).toMatch(/^cn=\\#1,/);
    expect([dnOf(undefined, {}, ''), dnOf(undefined, {}, '  ')]).toEqual([
      'REQUIRED_VALUE',
      'REQUIRED_VALUE',
    ]);
  });

  test('whatever the value, it is one RDN right below the parent with that very value, or a refusal with a code', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const made = composeDn(naming(), user({}), value, 0);
        if (!made.ok) return ['REQUIRED_VALUE', 'INVALID_VALUE'].includes(made.code);
        const read = parseDn(made.dn.text);
        return (
          read.depth === parent.depth + 1 &&
          read.parent?.equals(parent) === true &&
          read.rdn?.avas.length === 1 &&
          read.rdn.value === value
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('with an expression', () => {
  test('RDN, PARENT_DN and BASE_DN are names, and a value never becomes structure', () => {
    expect(dnOf("RDN + ',' + BASE_DN", {}, 'Silva, Ana')).toBe('cn=Silva\\, Ana,ou=Staff,dc=corp,dc=example');
    expect(dnOf("rdn + ',' + parent_dn", {})).toBe(`cn=Ana,${parent.text}`);
    const byDepartment = "RDN + ',ou=' + department + ',' + BASE_DN";
    expect(dnOf(byDepartment, { department: 'Sales' })).toBe('cn=Ana,ou=Sales,ou=Staff,dc=corp,dc=example');
    expect(dnOf(byDepartment, { department: 'R&D, East' })).toBe(
      'cn=Ana,ou=R&D\\, East,ou=Staff,dc=corp,dc=example',
    );
    expect(dnOf(byDepartment, { department: 'x,ou=Admins' })).toBe(
      'cn=Ana,ou=x\\,ou=Admins,ou=Staff,dc=corp,dc=example',
    );
    expect(
      dnOf("'cn=' + name.given + '+employeeNumber=' + badge + ',' + BASE_DN", {
        name: { given: 'A+B' },
        badge: '7',
      }),
    ).toBe('cn=A\\+B+employeeNumber=7,ou=Staff,dc=corp,dc=example');
  });

  test('a path in one attribute becomes containers', () => {
    const expression =
      "RDN + ',' + #string.join(#string.split(unit, '/').!['ou=' + #this], ',') + ',' + BASE_DN";
    expect(dnOf(expression, { unit: 'East/R,D' })).toBe(
      'cn=Ana,ou=East,ou=R\\,D,ou=Staff,dc=corp,dc=example',
    );
  });

  test('an expression that compares characters with a meaning is taken at its word if the name keeps its parts', () => {
    const choice = "RDN + ',ou=' + (department == 'R&D, East' ? 'Labs' : department) + ',' + BASE_DN";
    expect(dnOf(choice, { department: 'R&D, East' }, 'Silva, Ana')).toBe(
      'cn=Silva\\, Ana,ou=Labs,ou=Staff,dc=corp,dc=example',
    );
    expect(dnOf(choice, { department: 'a, b' })).toBe('cn=Ana,ou=a\\, b,ou=Staff,dc=corp,dc=example');
    const first = "RDN + ',ou=' + #string.split(department, ',')[0] + ',' + BASE_DN";
    expect(dnOf(first, { department: 'Sales,East' })).toBe('cn=Ana,ou=Sales,ou=Staff,dc=corp,dc=example');
    const broken = "RDN + ',ou=' + #string.replace(department, ',', ',ou=', -1) + ',' + BASE_DN";
    expect(dnOf(broken, { department: 'Sales,Admins' })).toBe('INVALID_DN');
  });

  test('what is no DN, lies elsewhere or is nothing is refused, with the place in the text', () => {
    expect(dnOf("RDN + ',dc=elsewhere'", {})).toBe('DN_OUTSIDE_BASE');
    expect(dnOf('BASE_DN', {})).toBe('DN_OUTSIDE_BASE');
    expect(dnOf('missing', {})).toBe('REQUIRED_VALUE');
    expect(dnOf('1 + missing', {})).toBe('NULL_OPERAND');
    expect(dnOf('{RDN, BASE_DN}', {})).toBe('TOO_MANY_VALUES');
    expect(dnOf("'cn=,' + BASE_DN", {})).toBe('INVALID_DN');
    const made = composeDn(naming("'Ana Silva,' + BASE_DN"), user({}), 'Ana', 0);
    expect(made).toMatchObject({
      code: 'INVALID_DN',
      message: expect.stringMatching(/no DN at character 1: found .*expected attribute=value/),
    });
    expect(dnOf("'uid=' + username + ',' + BASE_DN", { username: '\ufdd0' })).toBe('INVALID_VALUE');
  });

  const EXPRESSIONS: readonly (readonly [string, number])[] = [
    ["RDN + ',' + BASE_DN", 1],
    ["'uid=' + username + ',' + BASE_DN", 1],
    ["'cn=' + username + '+uid=' + title + ',ou=' + title + ',' + BASE_DN", 2],
    ["RDN + ',ou=' + #string.substring(title, 0, 5) + ',' + BASE_DN", 2],
    ["RDN + ',ou=' + #string.upperCase(#string.trim(title)) + ',ou=New,' + BASE_DN", 3],
    ["RDN + ',ou=\"' + title + '\",' + BASE_DN", 2],
    ["RDN + ',ou=' + #string.substring('a' + title + 'b', 1, -2) + ',' + BASE_DN", 2],
    ["RDN + ',ou=' + (title == 'x,ou=Admins' ? 'y' : title) + ',' + BASE_DN", 2],
    ["RDN + ',ou=' + #string.replace(title, ',', '.', -1) + ',' + BASE_DN", 2],
  ];

  test.each(EXPRESSIONS)(
    '%s has the same parts below the base for any values, or is refused',
    (text, depth) => {
      const compiled = naming(text);
      fc.assert(
        fc.property(hostile, hostile, hostile, (username, title, rdn) => {
          const values = user({ username, title });
          const made = composeDn(compiled, values, rdn, 0);
          if (!made.ok) return /^[A-Z_]+$/.test(made.code);
          const read = parseDn(made.dn.text);
          return read.depth === base.depth + depth && read.isDescendantOf(base) && read.equals(made.dn);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  test('a value that was joined whole comes back whole', () => {
    const compiled = naming("'ou=' + title + ',' + BASE_DN");
    fc.assert(
      fc.property(hostile, (title) => {
        const made = composeDn(compiled, user({ title }), 'x', 0);
        // Blanks at the ends of a value that an expression writes are no part of it (RFC 4514 §3).
        return !made.ok || parseDn(made.dn.text).rdn?.value === title.replace(/^ +| +$/g, '');
      }),
      { numRuns: 2_000 },
    );
  });
});
