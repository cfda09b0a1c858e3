import { defaultSchema, makeSchema } from '@sallyport/ldap';
import { CodedError, type Configuration, type Mapping, newUuid, plainMapping } from '@sallyport/model';
import { describe, expect, test } from 'vitest';
import { makeUserValues } from '../../identity-store/user-source.ts';
import type { DialectName } from '../dialect/dialect.ts';
import { compileOutbound, type OutboundResult } from './compile-outbound.ts';
import { type OutboundMapping, outboundDialect } from './outbound-dialect.ts';
import { readOutboundSettings } from './outbound-settings.ts';

function mapping({ targetAttribute, source }: OutboundMapping, extra: Partial<Mapping> = {}): Mapping {
  return { ...plainMapping({ id: newUuid(), objectType: 'user', targetAttribute, source }), ...extra };
}

function outbound(name: DialectName, configuration: Configuration = {}, more: readonly Mapping[] = []) {
  const dialect = outboundDialect(name, undefined);
  const { settings, faults } = readOutboundSettings(
    { BASE_DN: 'OU=Staff,DC=corp,DC=example', ...configuration },
    dialect,
  );
  expect(faults).toEqual([]);
  const own = new Set(more.map(({ targetAttribute }) => targetAttribute));
  const defaults = dialect.defaultMappings.filter(({ targetAttribute }) => !own.has(targetAttribute));
  const mappings = [...defaults.map((one) => mapping(one)), ...more];
  return compileOutbound({ mappings, settings, dialect, schema: defaultSchema });
}

const ana = makeUserValues({
  id: newUuid(),
  enabled: false,
  population: { id: 'p1', name: 'Sales' },
  profile: {
    username: 'ana.silva',
    email: 'ana@corp.example',
    name: { given: 'Ana', family: 'Silva' },
    address: { streetAddress: 'Rua 1', countryCode: 'PT', locality: 'Lisboa' },
    mobilePhone: '+351 1',
    shoes: { size: 40 },
    tags: ['x', 'y'],
  },
});

/** What would be sent, as text; bytes that are none in hexadecimal. */
function sent(result: OutboundResult) {
  if (!result.ok) return { code: result.code, message: result.message };
  const attributes = result.entry.attributes.map(({ type, values }) => [
    type,
    values.map((value) => {
      const text = Buffer.from(value).toString('utf8');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes are looked for
      return /[\u0000-\u001f\ufffd]/.test(text) ? Buffer.from(value).toString('hex') : text;
    }),
  ]);
  return { dn: result.entry.dn.text, ...Object.fromEntries(attributes) };
}

describe('the default mappings', () => {
  test('make an account of Active Directory', () => {
    expect(sent(outbound('activeDirectory').entry(ana, 0))).toEqual({
      dn: 'cn=ana.silva,OU=Staff,DC=corp,DC=example',
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      cn: ['ana.silva'],
      sAMAccountName: ['ana.silva'],
      displayName: ['Ana Silva'],
      givenName: ['Ana'],
      sn: ['Silva'],
      mail: ['ana@corp.example'],
      mobile: ['+351 1'],
      streetAddress: ['Rua 1'],
      l: ['Lisboa'],
      c: ['PT'],
      userAccountControl: ['514'],
    });
  });

  test('make a person of PingDirectory, and of a directory without an account state', () => {
    const person = {
      dn: 'uid=ana.silva,OU=Staff,DC=corp,DC=example',
      objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
      uid: ['ana.silva'],
      cn: ['ana.silva'],
      street: ['Rua 1'],
      givenName: ['Ana'],
      sn: ['Silva'],
      mail: ['ana@corp.example'],
      mobile: ['+351 1'],
      l: ['Lisboa'],
    };
    expect(sent(outbound('pingDirectory').entry(ana, 0))).toEqual({
      ...person,
      'ds-pwp-account-disabled': ['TRUE'],
    });
    expect(sent(outbound('generic').entry(ana, 0))).toEqual(person);
  });
});

test('expressions see the user by the names of the API, with parts, lists and custom data', () => {
  const more = (targetAttribute: string, expression: string) =>
    mapping({ targetAttribute, source: { expression } });
  const compiled = outbound('pingDirectory', { USERS_RELATIVE_DN: 'OU=New' }, [
    more('cn', "#string.upperCase(name.family) + ', ' + name['given'] + ' (' + population.name + ')'"),
    more('description', 'tags'),
    more('employeeNumber', 'shoes.size'),
    more('employeeType', "enabled ? 'active' : 'gone'"),
    mapping({ targetAttribute: 'o', source: { attribute: 'Population.Name' } }),
    mapping({ targetAttribute: 'title', source: { attribute: 'shoes' } }),
  ]);
  expect(compiled.mappings.needs).toEqual(expect.arrayContaining(['name', 'population', 'tags', 'shoes']));
  expect(sent(compiled.entry(ana, 0))).toMatchObject({
    dn: 'uid=ana.silva,OU=New,OU=Staff,DC=corp,DC=example',
    cn: ['SILVA, Ana (Sales)'],
    description: ['x', 'y'],
    employeeNumber: ['40'],
    employeeType: ['gone'],
    o: ['Sales'],
    title: ['{"size":40}'],
  });
});

describe('values', () => {
  test('take the form their attribute has, and passwords are never shown', () => {
    const compiled = outbound('activeDirectory', {}, [
      mapping({ targetAttribute: 'Password', source: { expression: "'Start-' + username" } }),
      mapping({ targetAttribute: 'ResetPassword', source: { expression: 'true' } }),
      mapping({ targetAttribute: 'userAccountControl', source: { expression: '66048' } }),
      mapping({ targetAttribute: 'thumbnailPhoto', source: { expression: "'AAEC'" } }),
    ]);
    const result = compiled.entry(ana, 0);
    expect(sent(result)).toMatchObject({
      unicodePwd: [Buffer.from('"Start-ana.silva"', 'utf16le').toString('hex')],
      pwdLastSet: ['0'],
      userAccountControl: ['66050'],
      thumbnailPhoto: ['000102'],
    });
    expect(result.ok && [...result.entry.masked]).toEqual(['unicodePwd']);
  });

  test('that do not fit refuse the user, with every mapping at fault and no password', () => {
    const compiled = outbound('activeDirectory', {}, [
      mapping({ targetAttribute: 'Password', source: { expression: 'tags' } }),
      mapping({ targetAttribute: 'sAMAccountName', source: { expression: "'a/' + username" } }),
      mapping({ targetAttribute: 'manager', source: { expression: "'nobody'" } }),
    ]);
    const result = compiled.entry(ana, 0);
    expect(result).toMatchObject({ ok: false, code: 'TOO_MANY_VALUES' });
    expect(result.ok ? '' : result.message).toMatch(
      /"Password".*"sAMAccountName": sAMAccountName must be without the character \/.*"manager": manager must be a distinguished name/,
    );
  });

  test('that are required and missing refuse the user', () => {
    const nobody = makeUserValues({
      id: newUuid(),
      enabled: true,
      population: { id: 'p', name: undefined },
      profile: { username: 'x' },
    });
    expect(outbound('pingDirectory').entry(nobody, 0)).toMatchObject({ ok: false, code: 'REQUIRED_VALUE' });
    expect(outbound('activeDirectory').entry(nobody, 0)).toMatchObject({ ok: true });
  });
});

test('the name and the attribute it is made of agree', () => {
  const byName = { DN_EXPRESSION: "'cn=' + name.given + ',' + BASE_DN" };
  // One value of several is added, as a server would; the single one of Active Directory cannot be two.
  expect(sent(outbound('pingDirectory', byName).entry(ana, 0))).toMatchObject({ cn: ['ana.silva', 'Ana'] });
  const single = makeSchema(
    {
      attributeTypes: defaultSchema.attributeTypes.map((type) => ({
        oid: type.oid,
        names: type.names,
        description: undefined,
        superior: undefined,
        equality: undefined,
        ordering: undefined,
        substring: undefined,
        syntax: type.syntax,
        isSingleValued: type.name === 'cn' || type.isSingleValued,
        isReadOnly: type.isReadOnly,
        isObsolete: false,
        usage: 'userApplications' as const,
      })),
      objectClasses: [],
      matchingRules: [],
      syntaxes: [],
    },
    true,
  );
  const dialect = outboundDialect('activeDirectory', undefined);
  const { settings } = readOutboundSettings({ BASE_DN: 'DC=x', ...byName }, dialect);
  const mappings = dialect.defaultMappings.map((one) => mapping(one));
  const compiled = compileOutbound({ mappings, settings, dialect, schema: single });
  expect(compiled.entry(ana, 0)).toMatchObject({ ok: false, code: 'INVALID_DN' });
});

test('a rule that cannot make entries says everything that is wrong with it', () => {
  const dialect = outboundDialect('activeDirectory', undefined);
  const { settings } = readOutboundSettings({ BASE_DN: 'DC=x', RDN_ATTRIBUTE: 'ou' }, dialect);
  const mappings = [
    mapping({ targetAttribute: 'sAMAccountName', source: { attribute: 'username' } }),
    mapping({ targetAttribute: 'Password', source: { attribute: 'x' } }),
  ];
  const faulty = (): unknown => compileOutbound({ mappings, settings, dialect, schema: defaultSchema });
  expect(faulty).toThrow(CodedError);
  expect(faulty).toThrow(/No mapping makes cn, .*No mapping makes ou, by which entries are named/);
  const twice = [...mappings, mapping({ targetAttribute: 'unicodePwd', source: { attribute: 'y' } })];
  expect(() => compileOutbound({ mappings: twice, settings, dialect, schema: defaultSchema })).toThrow(
    /both make unicodePwd/,
  );
  expect(
    readOutboundSettings(
      { BASE_DN: 'nowhere', RDN_ATTRIBUTE: 'c n', USERS_RELATIVE_DN: '=' },
      dialect,
    ).faults.map(({ key }) => key),
  ).toEqual(['BASE_DN', 'USERS_RELATIVE_DN', 'RDN_ATTRIBUTE']);
});
