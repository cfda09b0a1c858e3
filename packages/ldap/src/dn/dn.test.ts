import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LdapTextError } from '../values/text-error.ts';
import { ancestorKeyRange, Dn, parseDn, parseRdn, readDn, rootDn } from './dn.ts';
import { escapeDnValue } from './escape.ts';
import { makeRdn, type Rdn } from './rdn.ts';

const types = fc.constantFrom(
  'cn',
  'CN',
  'ou',
  'dc',
  'uid',
  'employeeNumber',
  '2.5.4.10',
  'commonName',
  'x-Own',
);
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(' ', ',', '+', '"', '\\', '<', '>', ';', '=', '#', 'a', 'B', '\n', 'é', '𝒳', '\0'),
  }),
);
const rdns: fc.Arbitrary<Rdn> = fc
  .tuple(types, values, fc.array(fc.record({ type: types, value: values }), { maxLength: 2 }))
  .map(([type, value, more]) => makeRdn(type, value, ...more));
/** From few short values, so that equal and related names are common. */
const smallRdns: fc.Arbitrary<Rdn> = fc
  .tuple(
    fc.constantFrom('cn', 'OU', '2.5.4.3'),
    fc.constantFrom('a', 'A', ' a', 'b', 'a,cn=b', 'a  b', 'a b', '', 'a+cn=b'),
  )
  .map(([type, value]) => makeRdn(type, value));
const smallDns: fc.Arbitrary<Dn> = fc
  .array(smallRdns, { maxLength: 4 })
  .map((list) => parseDn(Dn.of(list).text));

function avasOf(dn: Dn): unknown {
  return dn.rdns.map((rdn) => rdn.avas.map(({ type, value }) => ({ type, value })));
}

describe('reading a distinguished name', () => {
  test.each([
    [
      'the everyday name',
      'CN=Ana Silva,OU=People,DC=example,DC=com',
      ['Ana Silva', 'People', 'example', 'com'],
    ],
    [
      'an escaped comma beside an apostrophe, brackets and #',
      "CN=Silva\\, Ana (O'Neil #1),DC=x",
      ["Silva, Ana (O'Neil #1)", 'x'],
    ],
    ['every special character escaped by itself', 'cn=\\"\\+\\,\\;\\<\\>\\\\\\=\\#', ['"+,;<>\\=#']],
    ['escaped spaces at both ends', 'cn=\\ a\\ ,dc=x', [' a ', 'x']],
    ['UTF-8 as hex pairs', 'SN=Lu\\C4\\8Di\\C4\\87', ['Lučić']],
    [
      'an escaped line feed of a deleted object',
      'CN=Ana\\0ADEL:0a1b,CN=Deleted Objects,DC=x',
      ['Ana\nDEL:0a1b', 'Deleted Objects', 'x'],
    ],
    ['BER of an octet string', '1.3.6.1.4.1.1466.0=#04024869', ['Hi']],
    ['spaces round the separators, as LDAPv2 wrote', ' cn = a b , dc = x ', ['a b', 'x']],
    [
      'a quoted value, as LDAPv2 wrote',
      'o="Sue, Grabbit + Runn; \\"&\\" Co",c=GB',
      ['Sue, Grabbit + Runn; "&" Co', 'GB'],
    ],
    ['an empty value', 'cn=,dc=x', ['', 'x']],
    ['equals signs and raw angle brackets in a value', 'cn=a=b<c>', ['a=b<c>']],
  ])('understands %s', (_, text, expected) => {
    const dn = parseDn(text);
    expect(dn.rdns.map((rdn) => rdn.value)).toEqual(expected);
    expect(dn.text).toBe(text);
  });

  test('reads several pairs in one RDN and finds each by any of its names', () => {
    const rdn = parseDn('UID=ana + commonName=Ana Silva,dc=x').rdn;
    expect(rdn?.readValue('cn')).toBe('Ana Silva');
    expect(rdn?.readValue('0.9.2342.19200300.100.1.1')).toBe('ana');
    expect(rdn?.readValue('sn')).toBeUndefined();
  });

  test('keeps bytes that are no text as they are, and gives them back', () => {
    const dn = parseDn('cn=\\ff\\00a,dc=x');
    expect(dn.rdn?.avas[0].ber?.toString('hex')).toBe('0403ff0061');
    expect(makeRdn('ou', 'z', ...(dn.rdn?.avas ?? [])).text).toBe('ou=z+cn=#0403ff0061');
    expect(dn.equals(parseDn('CN=#0403FF0061,DC=X'))).toBe(true);
  });

  test.each([
    ['cn=a,,dc=x', 5, 'attribute=value'],
    ['cn=a,b,dc=x', 5, 'attribute=value'],
    ['cn=a,', 5, 'attribute=value'],
    ['=a', 0, 'attribute=value'],
    ['no name', 0, 'attribute=value'],
    ['cn=a;dc=x', 4, 'a character that needs no escape'],
    ['cn=a"b', 4, 'a character that needs no escape'],
    ['cn="a', 5, 'a closing quotation mark'],
    ['cn="a"b', 6, 'a comma, a plus sign or the end'],
    ['cn=#0', 3, 'pairs of hexadecimal digits after #'],
    ['cn=a\\zz', 4, 'a backslash followed by'],
    ['cn=a\\', 4, 'a backslash followed by'],
  ])('refuses %j at position %i', (text, position, expected) => {
    const error = errorOf(() => parseDn(text));
    expect(error).toMatchObject({ code: 'DN_SYNTAX', position });
    expect(error.expected).toContain(expected);
  });

  test('refuses a name longer than any directory has', () => {
    expect(errorOf(() => parseDn(`cn=${'a'.repeat(70_000)}`)).code).toBe('DN_LIMIT');
  });

  test('refuses several RDNs or none where one is wanted', () => {
    expect(parseRdn('cn=a\\,b').value).toBe('a,b');
    expect(errorOf(() => parseRdn('cn=a,dc=b')).found).toBe('2 RDNs');
    expect(errorOf(() => parseRdn('')).found).toBe('an empty name');
  });

  test('never fails without a code, whatever the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'cn=,+\\"#0aF; <é') }),
    );
    fc.assert(
      fc.property(texts, (text) => expectCoded(() => parseDn(text).normal)),
      { numRuns: 2_000 },
    );
  });
});

describe('writing a distinguished name', () => {
  test('escapes what RFC 4514 wants escaped, readably', () => {
    expect(escapeDnValue('Silva, Ana "A+B" <c>;\\ #')).toBe('Silva\\, Ana \\"A\\+B\\" \\<c\\>\\;\\\\ #');
    expect(escapeDnValue('#1')).toBe('\\#1');
    expect(escapeDnValue(' ')).toBe('\\ ');
    expect(escapeDnValue('  ')).toBe('\\ \\ ');
    expect(escapeDnValue('a\nb\0')).toBe('a\\0ab\\00');
  });

  test('reads back every name it writes, to the character', () => {
    fc.assert(
      fc.property(fc.array(rdns, { maxLength: 4 }), (list) => {
        const written = Dn.of(list);
        const read = parseDn(written.text);
        expect(avasOf(read)).toEqual(avasOf(written));
        expect(read.equals(written)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('gives a normal form that is itself a name and its own normal form', () => {
    fc.assert(
      fc.property(fc.array(rdns, { maxLength: 3 }), (list) => {
        const { normal } = Dn.of(list);
        expect(parseDn(normal).normal).toBe(normal);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('comparing distinguished names', () => {
  test.each([
    ['case', 'CN=Ana,DC=X', 'cn=ANA,dc=x'],
    ['spaces that mean nothing', 'cn=Ana   Silva , dc=x', 'cn=\\ ana silva\\ ,dc=x'],
    ['the way of escaping', 'cn=a\\,b', 'cn="a\\2cb"'],
    ['aliases and OIDs of types', '2.5.4.3=a,domainComponent=x', 'OID.2.5.4.3=a,DC=x'],
    ['the order of pairs', 'cn=a+sn=b,dc=x', 'SN=B + CN=A,dc=x'],
    ['full case folding', 'cn=STRASSE ΑΣ', 'cn=straße ας'],
    ['compatibility forms of Unicode', 'cn=ﬁ ａ', 'cn=fi a'],
    ['composition', 'cn=é', 'cn=e\u0301'],
  ])('does not see %s', (_, left, right) => {
    expect(parseDn(left).equals(parseDn(right))).toBe(true);
  });

  test.each([
    ['a separator inside a value', 'cn=a\\,cn\\=b', 'cn=a,cn=b'],
    ['a plus inside a value', 'cn=a\\+sn\\=b', 'cn=a+sn=b'],
    ['an accent', 'cn=André', 'cn=Andre'],
    ['the dotless i', 'cn=ısmail', 'cn=ismail'],
    ['a text that looks like BER', 'cn=\\#0401ff', 'cn=#0401ff'],
  ])('does see %s', (_, left, right) => {
    expect(parseDn(left).equals(parseDn(right))).toBe(false);
  });

  test('is an equivalence, and agrees with an independent comparison', () => {
    fc.assert(
      fc.property(smallDns, smallDns, smallDns, (a, b, c) => {
        expect(a.equals(parseDn(a.text))).toBe(true);
        expect(a.equals(b)).toBe(b.equals(a));
        if (a.equals(b) && b.equals(c)) expect(a.equals(c)).toBe(true);
        expect(a.equals(b)).toBe(JSON.stringify(plain(a)) === JSON.stringify(plain(b)));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('ancestry', () => {
  test('agrees with the RDNs, with the key and with the range', () => {
    fc.assert(
      fc.property(smallDns, smallDns, (a, b) => {
        const [below, above] = [plain(a), plain(b)];
        const tail = JSON.stringify(below.slice(below.length - above.length));
        const isWithin = below.length >= above.length && tail === JSON.stringify(above);
        expect(a.isWithin(b)).toBe(isWithin);
        expect(a.isDescendantOf(b)).toBe(isWithin && below.length > above.length);
        expect(b.isAncestorOf(a)).toBe(a.isDescendantOf(b));
        expect(a.ancestorKey.startsWith(b.ancestorKey)).toBe(isWithin);
        const { from, to } = ancestorKeyRange(b);
        expect(a.ancestorKey >= from && (to === undefined || a.ancestorKey < to)).toBe(isWithin);
        expect(a.relativeTo(b)?.depth).toBe(isWithin ? below.length - above.length : undefined);
      }),
      { numRuns: 5_000 },
    );
  });

  test('is not fooled by a value that ends like a base', () => {
    expect(parseDn('cn=x\\,dc=example').isDescendantOf(parseDn('dc=example'))).toBe(false);
    expect(parseDn('cn=a,dc=myexample').isDescendantOf(parseDn('dc=example'))).toBe(false);
  });

  test('walks up to the root and no further', () => {
    const names: string[] = [];
    for (let dn: Dn | undefined = parseDn('cn=a\\,b,ou=P,dc=x'); dn !== undefined; dn = dn.parent)
      names.push(dn.text);
    expect(names).toEqual(['cn=a\\,b,ou=P,dc=x', 'ou=P,dc=x', 'dc=x', '']);
    expect(rootDn.isRoot).toBe(true);
    expect(parseDn('dc=x').isDescendantOf(rootDn)).toBe(true);
    expect(rootDn.isDescendantOf(rootDn)).toBe(false);
  });

  test('makes children, renames, moves and follows a renamed parent', () => {
    const dn = parseDn('CN=Silva\\, Ana,OU=Sales,DC=x');
    expect(parseDn('OU=Sales,DC=x').child(makeRdn('CN', 'Silva, Ana')).text).toBe(dn.text);
    expect(dn.rename(makeRdn('CN', 'Costa, Ana')).text).toBe('CN=Costa\\, Ana,OU=Sales,DC=x');
    expect(dn.move(parseDn('OU=Left,DC=x')).text).toBe('CN=Silva\\, Ana,OU=Left,DC=x');
    expect(dn.rebase(parseDn('ou=SALES,dc=X'), parseDn('OU=Vendas,DC=x'))?.text).toBe(
      'CN=Silva\\, Ana,OU=Vendas,DC=x',
    );
    expect(dn.rebase(parseDn('OU=Other,DC=x'), rootDn)).toBeUndefined();
    expect(errorOf(() => rootDn.rename(makeRdn('cn', 'a'))).code).toBe('DN_SYNTAX');
    expect(errorOf(() => makeRdn('c n', 'a')).code).toBe('DN_SYNTAX');
  });

  test('tells a text that is no name from one that is', () => {
    expect(readDn('S-1-5-32')).toBeUndefined();
    expect(readDn('dc=x')?.text).toBe('dc=x');
  });
});

/** The RDNs of a small name by the rules as one would apply them by hand. */
function plain(dn: Dn): readonly string[] {
  return dn.rdns.map((rdn) => {
    const type = rdn.type === '2.5.4.3' ? 'cn' : rdn.type.toLowerCase();
    return JSON.stringify([type, rdn.value.toLowerCase().trim().split(/ +/).join(' ')]);
  });
}

function errorOf(action: () => unknown): LdapTextError {
  try {
    action();
  } catch (error) {
    if (error instanceof LdapTextError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function expectCoded(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(LdapTextError);
  }
}
