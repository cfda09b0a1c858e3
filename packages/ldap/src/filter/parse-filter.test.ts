import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LdapTextError } from '../values/text-error.ts';
import { attributesOf } from './attributes-of.ts';
import {
  and,
  approx,
  contains,
  endsWith,
  eq,
  extensible,
  greaterOrEqual,
  lessOrEqual,
  not,
  or,
  present,
  startsWith,
  substrings,
} from './build-filter.ts';
import type { Filter } from './filter.ts';
import { DEFAULT_FILTER_LIMITS } from './filter-limits.ts';
import { parseFilter } from './parse-filter.ts';
import { escapeFilterValue, printFilter } from './print-filter.ts';

const attributes = fc.constantFrom(
  'cn',
  'sAMAccountName',
  '2.5.4.3',
  'cn;lang-en',
  'ds-pwp-account-disabled',
  'x_y',
);
const bytes = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array)),
  fc
    .string({ unit: fc.constantFrom('(', ')', '*', '\\', '\0', ' ', 'a', '=', ':', '&', '!') })
    .map((text) => Buffer.from(text)),
);
const items: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .tuple(fc.constantFrom(eq, greaterOrEqual, lessOrEqual, approx), attributes, bytes)
    .map(([make, name, value]) => make(name, value)),
  attributes.map(present),
  fc
    .tuple(attributes, bytes, fc.array(bytes, { maxLength: 3 }), bytes)
    .map(([name, initial, any, final]) => substrings(name, { initial, any, final })),
  fc
    .record(
      {
        attribute: attributes,
        matchingRule: fc.constantFrom('caseExactMatch', '1.2.840.113556.1.4.803'),
        value: bytes,
        dnAttributes: fc.boolean(),
      },
      { requiredKeys: ['value', 'matchingRule'] },
    )
    .map(extensible),
  fc
    .tuple(attributes, bytes, fc.boolean())
    .map(([attribute, value, dnAttributes]) => extensible({ attribute, value, dnAttributes })),
);
const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    items,
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { maxLength: 3 }))
      .map(([kind, parts]) => ({ kind, filters: parts })),
    tie('filter').map(not),
  ),
})).filter;

describe('reading a filter', () => {
  test.each<[string, string, Filter]>([
    ['equality', '(cn=Babs Jensen)', eq('cn', 'Babs Jensen')],
    ['negation', '(!(cn=Tim Howes))', not(eq('cn', 'Tim Howes'))],
    [
      'a conjunction',
      '(&(objectClass=person)(|(sn=Jensen)(cn=Babs J*)))',
      and(eq('objectClass', 'person'), or(eq('sn', 'Jensen'), startsWith('cn', 'Babs J'))),
    ],
    ['substrings', '(o=univ*of*mich*)', substrings('o', { initial: 'univ', any: ['of', 'mich'] })],
    ['an empty value', '(seeAlso=)', eq('seeAlso', '')],
    ['presence', '(objectClass=*)', present('objectClass')],
    [
      'an extensible match by rule',
      '(cn:caseExactMatch:=Fred)',
      extensible({ attribute: 'cn', matchingRule: 'caseExactMatch', value: 'Fred' }),
    ],
    ['an extensible match by the attribute', '(cn:=Betty)', extensible({ attribute: 'cn', value: 'Betty' })],
    [
      'an extensible match of the name',
      '(o:dn:=Acme)',
      extensible({ attribute: 'o', value: 'Acme', dnAttributes: true }),
    ],
    [
      'an extensible match of anything',
      '(:DN:2.4.6.8.10:=Dino)',
      extensible({ matchingRule: '2.4.6.8.10', value: 'Dino', dnAttributes: true }),
    ],
    [
      'a bit test',
      '(userAccountControl:1.2.840.113556.1.4.803:=2)',
      extensible({ attribute: 'userAccountControl', matchingRule: '1.2.840.113556.1.4.803', value: '2' }),
    ],
    ['escaped parentheses', '(o=Parens R Us \\28for all\\29)', eq('o', 'Parens R Us (for all)')],
    ['an escaped asterisk among others', '(cn=*\\2A*)', contains('cn', '*')],
    ['bytes', '(bin=\\00\\00\\00\\04)', eq('bin', Buffer.from([0, 0, 0, 4]))],
    ['UTF-8 as it is and escaped', '(sn=Lučić Lu\\c4\\8di\\c4\\87)', eq('sn', 'Lučić Lučić')],
    [
      'order',
      '(&(a>=1)(b<=2)(c~=x))',
      and(greaterOrEqual('a', '1'), lessOrEqual('b', '2'), approx('c', 'x')),
    ],
    ['operators inside values', '(a=b>=c:=d~=e)', eq('a', 'b>=c:=d~=e')],
    ['always and never', '(|(&)(|))', or(and(), or())],
    ['asterisks in a row', '(cn=a**b)', substrings('cn', { initial: 'a', final: 'b' })],
    ['nothing but asterisks', '(cn=**)', present('cn')],
    ['spaces between the parts', ' ( & ( cn = a)\n\t(sn=b ) ) ', and(eq('cn', ' a'), eq('sn', 'b '))],
    ['a filter without parentheses', ' uid=ana ', eq('uid', 'ana')],
    ['a composite without parentheses', '&(a=b)(c=d)', and(eq('a', 'b'), eq('c', 'd'))],
    ['a suffix', '(mail=*@example.com)', endsWith('mail', '@example.com')],
  ])('understands %s', (_, text, expected) => {
    expect(parseFilter(text)).toEqual(expected);
  });

  test.each([
    ['', 0, 'a filter such as'],
    ['(cn=a', 5, 'a closing parenthesis for the one at position 0'],
    ['(&(cn=a)(sn=b)', 14, 'a closing parenthesis for the one at position 0'],
    ['(cn=a))', 6, 'the end'],
    ['(cn=a)(sn=b)', 6, 'the end'],
    ['(&cn=a)', 2, 'an opening parenthesis'],
    ['(!(a=b)(c=d))', 12, 'exactly one filter'],
    ['(!)', 2, 'exactly one filter'],
    ['(cn)', 1, 'attribute=value'],
    ['()', 1, 'attribute=value'],
    ['(=a)', 1, 'an attribute name or OID'],
    ['(c n=a)', 1, 'an attribute name or OID'],
    ['(:=a)', 1, 'an attribute, a matching rule or both'],
    ['(cn:dn:x:y:=a)', 1, 'attribute:rule:=value'],
    ['(member=CN=Silva\\, Ana)', 16, 'two hexadecimal digits'],
    ['(cn=\\2)', 4, 'two hexadecimal digits'],
    ['(&(cn=a(sn=b))', 7, 'the end of the value'],
    ['(cn=\0)', 4, 'no NUL'],
  ])('refuses %j at position %i', (text, position, expected) => {
    const error = errorOf(() => parseFilter(text));
    expect(error).toMatchObject({ code: 'FILTER_SYNTAX', position });
    expect(error.expected).toContain(expected);
  });

  test('says how to write what people get wrong', () => {
    expect(errorOf(() => parseFilter('(age>5)')).message).toContain('write >=');
    expect(errorOf(() => parseFilter('(member=CN=Silva\\, Ana)')).message).toContain('\\5c,');
  });

  test('stops at its limits, however deep, long or many', () => {
    const nested = `${'(!'.repeat(101)}(a=b)${')'.repeat(101)}`;
    expect(errorOf(() => parseFilter(nested)).code).toBe('FILTER_LIMIT');
    expect(parseFilter(`${'(!'.repeat(99)}(a=b)${')'.repeat(99)}`).kind).toBe('not');
    expect(errorOf(() => parseFilter('('.repeat(500_000))).code).toBe('FILTER_SYNTAX');
    expect(errorOf(() => parseFilter('(!'.repeat(300_000))).code).toBe('FILTER_LIMIT');
    const limits = { ...DEFAULT_FILTER_LIMITS, maxItems: 3, maxLength: 40 };
    expect(errorOf(() => parseFilter('(|(a=1)(a=2)(a=3))', limits)).code).toBe('FILTER_LIMIT');
    expect(errorOf(() => parseFilter(`(a=${'b'.repeat(40)})`, limits)).code).toBe('FILTER_LIMIT');
  });

  test('never fails without a code, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'(a=*)\\2&|!:<> '), maxLength: 30 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let filter: Filter;
        try {
          filter = parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapTextError);
          return;
        }
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('writing a filter', () => {
  test('reads back every filter it writes', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const text = printFilter(filter);
        expect(parseFilter(text)).toEqual(filter);
        expect(printFilter(parseFilter(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('lets no value change the meaning', () => {
    const hostile = '*)(|(objectClass=*)(cn=\\2a\0';
    expect(printFilter(eq('uid', hostile))).toBe(
      '(uid=\\2a\\29\\28|\\28objectClass=\\2a\\29\\28cn=\\5c2a\\00)',
    );
    expect(escapeFilterValue("CN=Silva\\, Ana (O'Neil #1)")).toBe("CN=Silva\\5c, Ana \\28O'Neil #1\\29");
    expect(escapeFilterValue(Buffer.from([0x41, 0xff, 0x28]))).toBe('A\\ff\\28');
  });

  test('leaves out conjunctions of one', () => {
    expect(and(eq('a', 'b'))).toEqual(eq('a', 'b'));
    expect(printFilter(or())).toBe('(|)');
  });
});

test('names each attribute a filter looks at once', () => {
  const filter = parseFilter('(&(CN=a)(|(cn=b*)(!(mail=*)))(:caseExactMatch:=x)(uac:1.2.3:=2))');
  expect(attributesOf(filter)).toEqual(['CN', 'mail', 'uac']);
});

function errorOf(action: () => unknown): LdapTextError {
  try {
    action();
  } catch (error) {
    if (error instanceof LdapTextError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
