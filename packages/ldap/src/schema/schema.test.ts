import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LdapTextError } from '../values/text-error.ts';
import { defaultSchema } from './default-schema.ts';
import { parseAttributeType, parseObjectClass, parseSyntax } from './parse-definition.ts';
import { parseSubschema } from './parse-subschema.ts';

describe('reading definitions', () => {
  test('takes a full attribute type', () => {
    const text =
      "( 2.5.18.1 NAME ( 'createTimestamp' 'created' ) DESC 'when\\27s \\5c' OBSOLETE EQUALITY generalizedTimeMatch " +
      'ORDERING generalizedTimeOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24{64} SINGLE-VALUE ' +
      "NO-USER-MODIFICATION USAGE directoryOperation X-ORIGIN ( 'RFC 4512' 'user defined' ) )";
    expect(parseAttributeType(text)).toEqual({
      oid: '2.5.18.1',
      names: ['createTimestamp', 'created'],
      description: "when's \\",
      superior: undefined,
      equality: 'generalizedTimeMatch',
      ordering: 'generalizedTimeOrderingMatch',
      substring: undefined,
      syntax: '1.3.6.1.4.1.1466.115.121.1.24',
      isSingleValued: true,
      isReadOnly: true,
      isObsolete: true,
      usage: 'directoryOperation',
    });
  });

  test.each([
    [
      "Active Directory's quoted syntax",
      "( 1.2.3 NAME 'uSNChanged' SYNTAX '1.2.840.113556.1.4.906' SINGLE-VALUE NO-USER-MODIFICATION )",
      '1.2.840.113556.1.4.906',
    ],
    [
      "389's word for an OID and empty description",
      "( nsState-oid NAME 'nsState' DESC '' SYNTAX 1.3.6.1.4.1.1466.115.121.1.5 X-ORIGIN 'x' )",
      '1.3.6.1.4.1.1466.115.121.1.5',
    ],
    [
      'OpenDJ without spaces round parentheses',
      "(1.2.3 NAME('a' 'b')SYNTAX 1.2.4 X-SCHEMA-FILE '99-user.ldif')",
      '1.2.4',
    ],
    ['lower-case keywords and an unquoted name', '( 1.2.3 name plain syntax 1.2.4 )', '1.2.4'],
    [
      'an extension with an odd value',
      "( 1.2.3 NAME 'a' X-ALLOWED-VALUES ( 'it\\27s' '(b)' ) SYNTAX 1.2.4 )",
      '1.2.4',
    ],
    ['line ends and tabs', "(\n\t1.2.3\n\tNAME 'a'\n\tSYNTAX 1.2.4{32}\n)\n", '1.2.4'],
  ])('takes %s', (_, text, syntax) => {
    expect(parseAttributeType(text)).toMatchObject({ syntax });
  });

  test('takes an object class with lists', () => {
    expect(
      parseObjectClass(
        "( 2.5.6.6 NAME 'person' SUP (top $ x) STRUCTURAL MUST ( sn $ cn ) MAY (userPassword$seeAlso) )",
      ),
    ).toMatchObject({
      superiors: ['top', 'x'],
      kind: 'structural',
      must: ['sn', 'cn'],
      may: ['userPassword', 'seeAlso'],
    });
    expect(parseObjectClass("( 1.2 NAME 'a' AUXILIARY )")).toMatchObject({
      kind: 'auxiliary',
      superiors: [],
    });
  });

  test('takes what OpenLDAP says of syntaxes', () => {
    expect(parseSyntax("( 1.2.3 DESC 'Audio' X-NOT-HUMAN-READABLE 'TRUE' )")).toEqual({
      oid: '1.2.3',
      description: 'Audio',
      isBinary: true,
    });
  });

  test('never fails without a code, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('(', ')', "'a'", "'", 'NAME', 'SYNTAX', '1.2.3', '$', '\\', 'SINGLE-VALUE'))
        .map((list) => `( 1.2 ${list.join(' ')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseAttributeType(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapTextError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a schema', () => {
  const { schema, faults } = parseSubschema({
    attributeTypes: [
      "( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
      "( 9.1 NAME 'nickname' SUP cn SINGLE-VALUE )",
      "( 9.2 NAME 'loopA' SUP loopB )",
      "( 9.3 NAME 'loopB' SUP loopA )",
      "( 9.4 NAME 'photo' SYNTAX 9.9 )",
      "( 9.5 NAME 'aliased' EQUALITY ourMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
      "( 9.6 NAME 'broken' SYNTAX",
    ],
    objectClasses: [
      "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
      "( 2.5.6.6 NAME 'person' SUP top MUST ( cn ) MAY ( 2.5.4.41 $ unknown ) )",
      "( 9.7 NAME 'employee' SUP person MUST nickname )",
      "( 9.8 NAME 'loop' SUP loop )",
    ],
    matchingRules: ["( 1.3.6.1.4.1.1466.109.114.2 NAME 'ourMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )"],
    ldapSyntaxes: ["( 9.9 DESC 'picture' X-NOT-HUMAN-READABLE 'TRUE' )"],
  });

  test('hands back what it could not read and goes on', () => {
    expect(faults).toMatchObject([
      { definition: "( 9.6 NAME 'broken' SYNTAX", error: { code: 'SCHEMA_SYNTAX' } },
    ]);
    expect(schema.attributeTypes).toHaveLength(7);
    expect(schema.isComplete).toBe(true);
  });

  test('finds attributes by any name, case and option', () => {
    expect(schema.attribute('COMMONNAME;lang-en')).toBe(schema.attribute('2.5.4.3'));
    expect(schema.attribute('broken')).toBeUndefined();
  });

  test('passes rules and syntaxes on to subtypes, not the number of values', () => {
    expect(schema.attribute('nickname')).toMatchObject({
      equality: 'caseIgnore',
      substring: 'caseIgnore',
      ordering: undefined,
      isSingleValued: true,
    });
    expect(schema.attribute('cn')?.isSingleValued).toBe(false);
    expect(schema.attributeChain('nickname').map((type) => type.name)).toEqual(['nickname', 'cn', 'name']);
    expect(schema.subtypes('NAME').map((type) => type.name)).toEqual(['name', 'cn', 'nickname']);
  });

  test('survives loops', () => {
    expect(schema.attributeChain('loopA').map((type) => type.name)).toEqual(['loopA', 'loopB']);
    expect(schema.classChain('loop').map((item) => item.name)).toEqual(['loop']);
  });

  test("goes by the server's names for rules and its word on syntaxes", () => {
    expect(schema.attribute('aliased')?.equality).toBe('caseIgnore');
    expect(schema.attribute('photo')?.isBinary).toBe(true);
  });

  test('gathers what classes require and allow', () => {
    expect(schema.requiredAttributes(['employee'])).toEqual(['nickname', 'cn', 'objectClass']);
    expect(schema.allowedAttributes(['EMPLOYEE'])).toEqual([
      'nickname',
      'cn',
      'name',
      'unknown',
      'objectClass',
    ]);
    expect(schema.classChain('employee').map((item) => item.name)).toEqual(['employee', 'person', 'top']);
  });
});

describe('the built-in schema', () => {
  test('defines every name and OID once', () => {
    const keys = defaultSchema.attributeTypes
      .flatMap((type) => [type.oid, ...type.names])
      .map((key) => key.toLowerCase());
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    const classKeys = defaultSchema.objectClasses.flatMap((item) => [item.oid, item.name.toLowerCase()]);
    expect(classKeys.filter((key, index) => classKeys.indexOf(key) !== index)).toEqual([]);
  });

  test('knows every superior and how to compare every attribute', () => {
    const incomparable = defaultSchema.attributeTypes.filter((type) => type.equality === undefined);
    expect(incomparable.map((type) => type.name)).toEqual([]);
    for (const item of defaultSchema.objectClasses) {
      expect(item.superiors.filter((name) => defaultSchema.objectClass(name) === undefined)).toEqual([]);
    }
  });

  test('says what is binary, single-valued, operational and numeric', () => {
    for (const name of [
      'objectGUID',
      'objectSid',
      'sIDHistory',
      'nTSecurityDescriptor',
      'thumbnailPhoto',
      'jpegPhoto',
      'userCertificate',
      'logonHours',
      'mS-DS-ConsistencyGuid',
    ]) {
      expect(defaultSchema.attribute(name), name).toMatchObject({ isBinary: true });
    }
    expect(defaultSchema.attribute('member')).toMatchObject({
      equality: 'distinguishedName',
      isSingleValued: false,
    });
    expect(defaultSchema.attribute('entryUUID')).toMatchObject({ isOperational: true, isReadOnly: true });
    expect(defaultSchema.attribute('accountExpires')).toMatchObject({
      ordering: 'integer',
      isSingleValued: true,
    });
    expect(defaultSchema.requiredAttributes(['user'])).toContain('sAMAccountName');
    expect(defaultSchema.classChain('computer').map((item) => item.name)).toContain('person');
  });
});
