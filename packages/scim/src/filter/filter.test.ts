import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARE_OPERATORS, type ScimFilter, ScimFilterError } from './filter.ts';
import { parseScimFilter } from './parse-filter.ts';
import { printScimFilter } from './print-filter.ts';
import { selectionOf } from './selection.ts';

const attribute = fc.constantFrom(
  'username',
  'name.given',
  'population.id',
  'urn:ietf:params:scim:schemas:core:2.0:User:userName',
  'not',
  'and',
);
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.boolean(),
  fc.constant(null),
);
const leaf: fc.Arbitrary<ScimFilter> = fc.oneof(
  fc.record({ kind: fc.constant('present' as const), attribute, at: fc.constant(0) }),
  fc.record({
    kind: fc.constant('compare' as const),
    attribute,
    operator: fc.constantFrom(...COMPARE_OPERATORS),
    value,
    at: fc.constant(0),
  }),
);
const { tree } = fc.letrec<{ tree: ScimFilter }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
    fc.record({
      kind: fc.constant('valuePath' as const),
      attribute: fc.constant('emails'),
      of: leaf,
      at: fc.constant(0),
    }),
  ),
}));

function withoutPlaces(filter: ScimFilter): unknown {
  return JSON.parse(JSON.stringify(filter, (key, inner: unknown) => (key === 'at' ? 0 : inner)));
}

function errorOf(text: string): ScimFilterError {
  try {
    parseScimFilter(text);
  } catch (error) {
    if (error instanceof ScimFilterError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('SCIM filter', () => {
  it('reads what it prints, as the same tree', () => {
    fc.assert(
      fc.property(tree, (filter) => {
        expect(withoutPlaces(parseScimFilter(printScimFilter(filter)))).toEqual(withoutPlaces(filter));
      }),
      { numRuns: 500 },
    );
  });

  it('ends on any text, with a tree or a place within the text', () => {
    const noise = fc.array(
      fc.constantFrom(
        'a',
        ' ',
        '(',
        ')',
        '[',
        ']',
        '"',
        '\\',
        'eq',
        ' and ',
        ' or ',
        'not',
        '1',
        '\u00e4',
        'pr',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          noise.map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseScimFilter(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ScimFilterError);
            if (error instanceof ScimFilterError) expect(error.position).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('binds and tighter than or, and takes keywords in any case', () => {
    expect(withoutPlaces(parseScimFilter('a EQ "1" OR b PR And c Ne 2'))).toEqual({
      kind: 'or',
      of: [
        { kind: 'compare', attribute: 'a', operator: 'eq', value: '1', at: 0 },
        {
          kind: 'and',
          of: [
            { kind: 'present', attribute: 'b', at: 0 },
            { kind: 'compare', attribute: 'c', operator: 'ne', value: 2, at: 0 },
          ],
        },
      ],
    });
  });

  it('reads the doubled parentheses that Terraform sends', () => {
    const filter = parseScimFilter('((name eq "a") OR (name eq "b")) AND ((population.id eq "x"))');
    expect(printScimFilter(filter)).toBe('(name eq "a" or name eq "b") and population.id eq "x"');
  });

  it('names the place and the remedy of a fault', () => {
    for (const [text, position, message] of [
      ['username == "a"', 9, 'is not an operator; use pr, eq'],
      ['username eq a', 12, 'a text in quotation marks'],
      ['username eq "a', 12, 'A quotation mark is missing'],
      ['(username pr', 12, 'Expected ), found the end'],
      ['username pr username pr', 12, 'Expected and, or, or the end'],
      ['a[b[c pr]]', 2, 'Brackets cannot stand inside brackets'],
      ['', 0, 'empty'],
    ] as const) {
      const error = errorOf(text);
      expect(error.message, text).toContain(message);
      expect(error.position, text).toBe(position);
    }
  });

  it('refuses what would take too long to answer', () => {
    expect(errorOf('('.repeat(40)).message).toContain('nested more than 30');
    expect(errorOf(Array.from({ length: 501 }, () => 'a pr').join(' or ')).message).toContain(
      'more than 500 parts',
    );
    expect(errorOf('a'.repeat(9000)).message).toContain('longer than 8192');
  });
});

describe('selection of a filter', () => {
  const names = ['username', 'memberOfGroups.id'];
  const resolve = (name: string): string | undefined =>
    names.find((known) => known.toLowerCase() === name.toLowerCase());

  it('settles case, and turns a value path into a path', () => {
    expect(
      selectionOf(parseScimFilter('USERNAME sw "a" and memberOfGroups[ID eq "g1"]'), { resolve }),
    ).toEqual({
      kind: 'and',
      of: [
        { kind: 'compare', attribute: 'username', operator: 'sw', value: 'a' },
        { kind: 'compare', attribute: 'memberOfGroups.id', operator: 'eq', value: 'g1' },
      ],
    });
  });

  it('refuses unknown attributes, and value paths whose conditions must meet in one value', () => {
    expect(() => selectionOf(parseScimFilter('username pr and shoe eq "42"'), { resolve })).toThrow(
      'no attribute "shoe" (at character 17)',
    );
    expect(() =>
      selectionOf(parseScimFilter('memberOfGroups[id eq "a" and id eq "b"]'), { resolve }),
    ).toThrow('only one comparison');
    expect(() => selectionOf(parseScimFilter('memberOfGroups[not (id eq "a")]'), { resolve })).toThrow(
      'only one comparison',
    );
  });
});
