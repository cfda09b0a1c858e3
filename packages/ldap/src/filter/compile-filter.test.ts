// Evaluation by both kinds of schema, explanation and an independent oracle share their entries; hence the length.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSchema } from '../schema/default-schema.ts';
import { parseSubschema } from '../schema/parse-subschema.ts';
import { and, eq, greaterOrEqual, lessOrEqual, not, or, present, substrings } from './build-filter.ts';
import { canEvaluate, compileFilter, undecidableParts } from './compile-filter.ts';
import { explainFilter, printExplanation } from './explain-filter.ts';
import type { Filter } from './filter.ts';
import { type FilterEntry, makeFilterEntry } from './filter-entry.ts';
import { parseFilter } from './parse-filter.ts';

/** A server's own schema: what it lacks does not exist. */
const { schema: complete } = parseSubschema({
  attributeTypes: [
    "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
    "( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
    "( 1.3.6.1.1.1.1.0 NAME 'uidNumber' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
    "( 1.3.6.1.1.1.1.12 NAME 'memberUid' EQUALITY caseExactIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
    "( 1.2.840.113556.1.4.906.1 NAME 'accountExpires' SYNTAX '1.2.840.113556.1.4.906' SINGLE-VALUE )",
    "( 9.9.1 NAME 'odd' EQUALITY vendorMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
  ],
  objectClasses: [
    "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
    "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST cn )",
    "( 9.9.2 NAME 'employee' SUP person STRUCTURAL )",
  ],
});

const ana = entry("CN=Silva\\, Ana (O'Neil #1),OU=Sales,DC=example,DC=com", {
  objectClass: ['top', 'person', 'organizationalPerson', 'user'],
  objectCategory: ['CN=Person,CN=Schema,CN=Configuration,DC=example,DC=com'],
  cn: ["Silva, Ana (O'Neil #1)"],
  'description;lang-pt': ['Vendas'],
  sAMAccountName: ['ana'],
  department: ['Sales  North'],
  userAccountControl: ['66050'],
  groupType: ['-2147483646'],
  accountExpires: ['9223372036854775807'],
  whenCreated: ['20200101000000.0Z'],
  telephoneNumber: ['+351 21-555 0100'],
  memberUid: ['Ana'],
  manager: ['CN=Costa\\2C Rui,OU=Sales,DC=example,DC=com'],
  objectGUID: [Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')],
  isDeleted: ['FALSE'],
  userPassword: ['{SSHA}secret'],
  employeeID: ['0099'],
  vendorNumber: ['100'],
});

describe('evaluating a filter by the built-in schema', () => {
  test.each([
    '(&(objectCategory=person)(objectClass=user))',
    '(objectCategory=CN=Person, CN=schema,CN=Configuration,DC=example,DC=com)',
    '(objectClass=2.5.6.6)',
    '(objectClass=*)',
    '(department=sales north)',
    '(department=SALES*)',
    '(department=*s n*)',
    '(department=sal*nor*TH)',
    "(commonName=silva, ana \\28o'neil #1\\29)",
    '(2.5.4.3=*)',
    '(name=Silva*)',
    '(description=vendas)',
    '(description;lang-pt=vendas)',
    '(telephoneNumber=+351215550100)',
    '(telephoneNumber=*5550*)',
    '(manager=cn=Costa\\5c, Rui , ou=sales,dc=EXAMPLE,dc=com)',
    "(distinguishedName=cn=silva\\5c2c ana \\28O'Neil #1\\29,ou=sales,dc=example,dc=com)",
    '(userAccountControl:1.2.840.113556.1.4.803:=2)',
    '(userAccountControl:1.2.840.113556.1.4.803:=65538)',
    '(userAccountControl:1.2.840.113556.1.4.804:=3)',
    '(groupType:1.2.840.113556.1.4.803:=2147483648)',
    '(groupType:1.2.840.113556.1.4.803:=-2147483648)',
    '(accountExpires>=9223372036854775806)',
    '(accountExpires=+9223372036854775807)',
    '(whenCreated<=20200101010000+0100)',
    '(whenCreated=20200101000000Z)',
    '(objectGUID=\\00\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f)',
    '(!(isDeleted=true))',
    '(memberUid=Ana)',
    '(!(memberUid=ana))',
    '(cn:caseExactMatch:=Silva, Ana (O\\27Neil #1))'.replace('(O', '\\28O').replace('#1)', '#1\\29'),
    '(ou:dn:=sales)',
    '(:dn:caseIgnoreMatch:=SALES)',
    '(:caseIgnoreMatch:=ANA)',
    '(!(mail=*))',
    '(!(mail=ana))',
    '(vendorNumber>=20)',
    '(userAccountControl:integerOrderingMatch:=70000)',
    '(sAMAccountName~=ANA)',
    '(&)',
  ])('finds the entry by %s', (text) => {
    expect(compileFilter(parseFilter(text), defaultSchema)(ana)).toBe(true);
  });

  test.each([
    '(objectClass=group)',
    '(objectCategory=group)',
    '(description;lang-en=vendas)',
    '(department=sales*north*x)',
    '(department=sales n)',
    '(userAccountControl:1.2.840.113556.1.4.803:=3)',
    '(userAccountControl:1.2.840.113556.1.4.804:=4)',
    '(objectGUID=00010203)',
    '(memberUid=ana)',
    '(userAccountControl>=abc)',
    '(!(userAccountControl>=abc))',
    '(whenCreated>=20200101000001Z)',
    '(manager=Costa)',
    '(!(manager=Costa))',
    '(cn:caseExactMatch:=silva)',
    '(ou:=sales)',
    '(vendorNumber>=200)',
    '(|)',
  ])('does not find the entry by %s', (text) => {
    expect(compileFilter(parseFilter(text), defaultSchema)(ana)).toBe(false);
  });

  test('needs no list of attributes for an entry that only answers by name', () => {
    const bare: FilterEntry = { values: (name) => (name.toLowerCase() === 'cn' ? [Buffer.from('Ana')] : []) };
    expect(compileFilter(parseFilter('(&(name=ana)(!(sn=*)))'), defaultSchema)(bare)).toBe(true);
    expect(compileFilter(parseFilter('(!(ou:dn:=sales))'), defaultSchema)(bare)).toBe(false);
  });
});

describe("evaluating a filter by a directory's own schema", () => {
  const worker = entry('cn=Ana,dc=x', {
    objectClass: ['employee'],
    cn: ['Ana'],
    uidNumber: ['007'],
    memberUid: ['a'],
    odd: ['x'],
    extra: ['1'],
  });

  test.each([
    ['(objectClass=person)', true, 'a superclass the entry does not list'],
    ['(objectClass=9.9.2)', true, 'a class by its OID'],
    ['(uidNumber=7)', true, 'integers, not texts'],
    ['(uidNumber>=7)', true, 'order of an integer without an ordering rule'],
    ['(!(uidNumber>=8))', true, 'the negation of false'],
    ['(cn>=a)', false, 'no order among texts without a rule'],
    ['(!(cn>=a))', false, 'the negation of undefined'],
    ['(!(memberUid=a*))', false, 'no substrings without a rule'],
    ['(extra=1)', false, 'an attribute that does not exist'],
    ['(!(extra=1))', false, 'its negation'],
    ['(!(extra=*))', false, 'its absence'],
    ['(|(extra=1)(cn=ana))', true, 'an undefined part beside a true one'],
    ['(!(&(extra=1)(cn=bob)))', true, 'an undefined part beside a false one'],
    ['(!(odd=x))', false, 'an equality rule we do not know'],
  ])('answers %s with %s: %s', (text, expected) => {
    expect(compileFilter(parseFilter(text), complete)(worker)).toBe(expected);
  });

  test('compares 64-bit numbers exactly', () => {
    const account = entry('cn=a', { accountExpires: ['9223372036854775807'] });
    expect(compileFilter(parseFilter('(accountExpires>=9223372036854775807)'), complete)(account)).toBe(true);
    expect(compileFilter(parseFilter('(accountExpires=9223372036854775806)'), complete)(account)).toBe(false);
    expect(compileFilter(parseFilter('(accountExpires<=10)'), complete)(account)).toBe(false);
  });
});

describe('what only the directory can answer', () => {
  test.each([
    '(memberOf:1.2.840.113556.1.4.1941:=CN=All,DC=x)',
    '(cn:9.9.9.9:=a)',
    '(cn:caseIgnoreSubstringsMatch:=a\\2ab)',
    '(anr=ana)',
  ])('%s is reported, and is neither true nor false', (text) => {
    const filter = parseFilter(`(|(!${text})${text})`);
    expect(canEvaluate(filter, defaultSchema)).toBe(false);
    expect(undecidableParts(filter, defaultSchema).map((part) => part.filter)).toEqual([text, text]);
    expect(compileFilter(filter, defaultSchema)(ana)).toBe(false);
  });

  test('an ordinary filter can be evaluated', () => {
    expect(
      canEvaluate(parseFilter('(&(objectClass=user)(!(cn=a*))(uidNumber>=5)(x=1))'), defaultSchema),
    ).toBe(true);
    expect(undecidableParts(parseFilter('(odd=x)'), complete)).toEqual([
      { filter: '(odd=x)', reason: 'the equality rule of odd is not known here' },
    ]);
  });
});

describe('explaining a verdict', () => {
  test('names the part that decided and what the entry holds', () => {
    const filter = parseFilter(
      '(&(objectClass=user)(|(department=Marketing)(mail=*))(!(sAMAccountName=ana)))',
    );
    const explanation = explainFilter(filter, defaultSchema, ana);
    expect(explanation.verdict).toBe('false');
    expect(explanation.because).toBe(
      '(department=Marketing) is false: department is "Sales  North"; (mail=*) is false: mail has no value',
    );
    expect(printExplanation(explanation).split('\n')).toEqual([
      '(&(objectClass=user)(|(department=Marketing)(mail=*))(!(sAMAccountName=ana))) is false',
      '  (objectClass=user) is true: objectClass is "top", "person", "organizationalPerson" and 1 more',
      '  (|(department=Marketing)(mail=*)) is false',
      '    (department=Marketing) is false: department is "Sales  North"',
      '    (mail=*) is false: mail has no value',
      '  (!(sAMAccountName=ana)) is false',
      '    (sAMAccountName=ana) is true: sAMAccountName is "ana"',
    ]);
  });

  test('says why a part is undefined', () => {
    expect(explainFilter(parseFilter('(extra=1)'), complete, ana)).toMatchObject({
      verdict: 'undefined',
      because: '(extra=1) is undefined: the schema has no attribute extra',
    });
  });

  test('shows no secrets and no bytes', () => {
    const { because } = explainFilter(parseFilter('(|(userPassword=x)(objectGUID=x))'), defaultSchema, ana);
    expect(because).toContain('userPassword has a value that is not shown');
    expect(because).toContain('objectGUID is (16 bytes)');
    expect(because).not.toContain('SSHA');
  });
});

/** Attributes whose comparison is easily said in other words, with values small enough to meet. */
const words = fc.constantFrom('a', 'A', 'ab', 'B', 'aB', 'b', 'ba');
const numbers = fc.constantFrom('1', '2', '10', '010', '-1');
const kinds = { cn: words, memberUid: words, uidNumber: numbers, extra: words } as const;
const names = fc.constantFrom('cn', 'memberUid', 'uidNumber', 'extra' as const);
const comparisons: fc.Arbitrary<Filter> = names.chain((name) =>
  fc.oneof(
    fc.constant(present(name)),
    kinds[name].map((value) => eq(name, value)),
    kinds[name].map((value) => greaterOrEqual(name, value)),
    kinds[name].map((value) => lessOrEqual(name, value)),
    fc
      .tuple(words, words, words)
      .map(([initial, any, final]) => substrings(name, { initial, any: [any], final })),
    fc.tuple(words, words).map(([initial, final]) => substrings(name, { initial, final })),
  ),
);
const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    comparisons,
    fc.array(tie('filter'), { maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('filter'), { maxLength: 3 }).map((parts) => or(...parts)),
    tie('filter').map(not),
  ),
})).filter;
const entries = fc.record({
  cn: fc.array(words, { maxLength: 2 }),
  memberUid: fc.array(words, { maxLength: 2 }),
  uidNumber: fc.array(numbers, { maxLength: 2 }),
  extra: fc.array(words, { maxLength: 1 }),
});

test('agrees with a plain reading of RFC 4511 on arbitrary filters and entries', () => {
  fc.assert(
    fc.property(filters, entries, (filter, attributes) => {
      const subject = entry('cn=a', attributes);
      expect(compileFilter(filter, complete)(subject)).toBe(oracle(filter, attributes) === true);
      expect(explainFilter(filter, complete, subject).verdict).toBe(
        String(oracle(filter, attributes) ?? 'undefined'),
      );
    }),
    { numRuns: 5_000 },
  );
});

type Attributes = Readonly<Record<string, readonly string[]>>;

function oracle(filter: Filter, attributes: Attributes): boolean | undefined {
  switch (filter.kind) {
    case 'not': {
      const part = oracle(filter.filter, attributes);
      return part === undefined ? undefined : !part;
    }
    case 'and':
    case 'or': {
      const decisive = filter.kind === 'or';
      const parts = filter.filters.map((part) => oracle(part, attributes));
      return parts.includes(decisive) ? decisive : parts.includes(undefined) ? undefined : !decisive;
    }
    case 'extensible':
      return undefined;
    default:
      return filter.attribute === 'extra' ? undefined : oracleItem(filter, attributes);
  }
}

type Item = Exclude<Filter, { kind: 'and' | 'or' } | { kind: 'not' } | { kind: 'extensible' }>;

function oracleItem(filter: Item, attributes: Attributes): boolean | undefined {
  const { attribute } = filter;
  const fold = (text: string) => (attribute === 'cn' ? text.toLowerCase() : text);
  const found = (attributes[attribute] ?? []).map(fold);
  const isNumber = attribute === 'uidNumber';
  switch (filter.kind) {
    case 'present':
      return found.length > 0;
    case 'substrings': {
      if (attribute !== 'cn') return undefined;
      const parts = [filter.initial, ...filter.any, filter.final].map((part) => fold(String(part ?? '')));
      return found.some((text) => new RegExp(`^${parts.join('.*')}$`).test(text));
    }
    case 'equality':
    case 'approx': {
      const wanted = fold(filter.value.toString());
      return found.some((text) => (isNumber ? Number(text) === Number(wanted) : text === wanted));
    }
    default: {
      if (!isNumber) return undefined;
      const wanted = Number(filter.value.toString());
      return found.some((text) =>
        filter.kind === 'greaterOrEqual' ? Number(text) >= wanted : Number(text) <= wanted,
      );
    }
  }
}

function entry(dn: string, attributes: Readonly<Record<string, readonly (string | Buffer)[]>>): FilterEntry {
  return makeFilterEntry(
    dn,
    Object.entries(attributes).map(([type, values]) => ({
      type,
      values: values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)),
    })),
  );
}
