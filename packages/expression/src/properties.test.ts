import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAttributeValues } from './attribute-values.ts';
import { checkExpression } from './checking/check.ts';
import { compileExpression } from './compiled-expression.ts';
import { ExpressionError } from './errors.ts';
import { functionNames, readFunction } from './libraries/catalogue.ts';
import { expressionLimits } from './limits.ts';
import { rootFromObject } from './root.ts';
import { parseExpression } from './syntax/parser.ts';
import { printExpression } from './syntax/printer.ts';
import { type ExpressionValue, isList, isMap } from './values/value.ts';

const binaryOperators = [
  'or',
  'and',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  'matches',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
];
const word = fc.constantFrom('a', 'mail', 'givenName', 'x_1', 'sn', 'lists', 'andy', 'T', 'new1');
const text = fc.string({ maxLength: 6 }).map((value) => value.replace(/[\r\n\u2028\u2029]/g, ' '));
const scalar = fc.oneof(
  text.map((value) => `'${value.replaceAll("'", "''")}'`),
  text.map((value) => `"${value.replaceAll('"', '""')}"`),
  fc.nat(2 ** 31 - 1).map(String),
  fc.constantFrom(
    '1L',
    '2.5',
    '0x1F',
    '1.5e3',
    '2f',
    '3d',
    'null',
    'true',
    'FALSE',
    '#root',
    '#this',
    '{}',
    '{:}',
    'new int[2]',
  ),
  word,
);

/** Expressions of the language, mostly well-formed and of every kind of node. */
const expressionText = fc.letrec<{ node: string; leaf: string }>((tie) => ({
  leaf: scalar,
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(tie('node'), fc.constantFrom(...binaryOperators), tie('node'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc
      .tuple(
        tie('leaf'),
        fc.constantFrom(...binaryOperators),
        tie('leaf'),
        fc.constantFrom('+', '*', '==', 'and', '?:'),
        tie('leaf'),
      )
      .map(([a, op, b, op2, c]) => `${a} ${op} ${b} ${op2} ${c}`),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `(${a}) ? ${b} : ${c}`),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}) ?: ${b}`),
    fc.tuple(fc.constantFrom('!', '-', '+', 'not '), tie('node')).map(([op, a]) => `${op}(${a})`),
    fc.tuple(tie('node'), word).map(([a, name]) => `(${a}).${name}`),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a})[${b}]`),
    fc
      .tuple(tie('node'), fc.constantFrom('?', '^', '$', '!'), tie('node'))
      .map(([a, sign, b]) => `(${a}).${sign}[${b}]`),
    fc.array(tie('node'), { maxLength: 3 }).map((items) => `{${items.join(', ')}}`),
    fc
      .array(fc.tuple(fc.oneof(word, tie('node')), tie('node')), { minLength: 1, maxLength: 2 })
      .map((entries) => `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`),
    fc.array(tie('node'), { maxLength: 2 }).map((items) => `new double[] {${items.join(', ')}}`),
    fc
      .constantFrom(
        ...functionNames().map((name) => ({
          name,
          known: readFunction(name.split('.')[0] ?? '', name.split('.')[1] ?? ''),
        })),
      )
      .chain(({ name, known }) =>
        fc
          .array(tie('node'), {
            minLength: known?.minArguments ?? 0,
            maxLength: Math.max(known?.minArguments ?? 0, Math.min(known?.maxArguments ?? 0, 5)),
          })
          .map((args) => `#${name}(${args.join(', ')})`),
      ),
  ),
})).node;

const data = fc.dictionary(
  word,
  fc.oneof(
    fc.constant(null),
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.oneof(text, fc.integer()), { maxLength: 4 }),
    fc.dictionary(word, text, { maxKeys: 3 }),
  ),
  { maxKeys: 6 },
);

function withoutPositions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'at' ? undefined : item)));
}

/** The result, or the error if it is a coded one; any other error fails the test. */
function attempt<T>(run: () => T): T | ExpressionError {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

describe('for any expression', () => {
  it('printing the tree and parsing it again gives the same tree', () => {
    let parsed = 0;
    fc.assert(
      fc.property(expressionText, (source) => {
        const first = attempt(() => parseExpression(source));
        if (first instanceof ExpressionError) return;
        parsed += 1;
        const again = parseExpression(printExpression(first.ast));
        expect(withoutPositions(again.ast)).toEqual(withoutPositions(first.ast));
      }),
      { numRuns: 2000 },
    );
    expect(parsed).toBeGreaterThan(1000);
  });

  it('checking and evaluating it on any data gives a value within the bounds or a coded error', () => {
    let evaluated = 0;
    fc.assert(
      fc.property(expressionText, data, (source, attributes) => {
        const compiled = attempt(() => compileExpression(source));
        if (compiled instanceof ExpressionError) {
          expect(compiled.problems.length).toBeGreaterThan(0);
          return;
        }
        const result = attempt(() => compiled.evaluate(rootFromObject(attributes)));
        if (result instanceof ExpressionError) return;
        evaluated += 1;
        expect(sizeOf(result)).toBeLessThanOrEqual(expressionLimits.maxResultBytes);
        attempt(() => toAttributeValues(result));
      }),
      { numRuns: 3000 },
    );
    expect(evaluated).toBeGreaterThan(200);
  });

  it('asks the root for no attribute that the check did not name', () => {
    fc.assert(
      fc.property(expressionText, data, (source, attributes) => {
        const expression = attempt(() => parseExpression(source));
        if (expression instanceof ExpressionError) return;
        const check = checkExpression(expression);
        if (check.usesWholeRoot || check.problems.length > 0) return;
        const asked = new Set<string>();
        const root = rootFromObject(attributes);
        attempt(() =>
          compileExpression(source).evaluate({
            get: (name) => {
              asked.add(name.toLowerCase());
              return root.get(name);
            },
            names: () => {
              throw new Error('the whole root was read');
            },
          }),
        );
        expect(check.attributes.map((name) => name.toLowerCase())).toEqual(
          expect.arrayContaining([...asked]),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('for any input', () => {
  const fragments = fc.array(
    fc.constantFrom(
      "'",
      '"',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '?',
      ':',
      '?:',
      '?.',
      '.',
      '.?[',
      '.![',
      '#',
      '#string',
      'T(',
      'new ',
      '@',
      '=',
      '+',
      ' - ',
      ' and ',
      '1',
      '9e999',
      '0x',
      'a',
      'null',
      ',',
      '!',
      '++',
      '\n',
      '\u0000',
      '💥',
    ),
    { maxLength: 30 },
  );

  it('compiling ends with an expression or a coded error whose positions lie in the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fragments.map((parts) => parts.join('')),
        ),
        (source) => {
          const compiled = attempt(() => compileExpression(source));
          if (!(compiled instanceof ExpressionError)) return;
          for (const problem of compiled.problems) {
            expect(problem.position).toBeGreaterThanOrEqual(0);
            expect(problem.position).toBeLessThanOrEqual(source.length);
            expect(problem.found).not.toBe('');
            expect(problem.expected).not.toBe('');
          }
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('a regular expression from data matches, does not match or is refused with a code', () => {
    const compiled = compileExpression(
      '{#regex.matches(s, p), #regex.replaceAll(s, p, r), #regex.findAllMatches(s, p)}',
    );
    const pieces = fc.array(
      fc.constantFrom(
        'a',
        '.',
        '*',
        '+',
        '?',
        '(',
        ')',
        '(?:',
        '(?=',
        '(?!',
        '(?<=',
        '(?<n>',
        '[',
        ']',
        '[^',
        '&&',
        '\\d',
        '\\1',
        '\\p{L}',
        '\\Q',
        '\\E',
        '\\',
        '|',
        '^',
        '$',
        '{2}',
        '{',
        '-',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.oneof(
          fc.string({ maxLength: 12 }),
          pieces.map((parts) => parts.join('')),
        ),
        fc.string({ maxLength: 6 }),
        (s, p, r) => {
          attempt(() => compiled.evaluate(rootFromObject({ s, p, r })));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('a date pattern from data prints and reads or gives null', () => {
    const compiled = compileExpression(
      "{#datetime.format(d, p), #datetime.parse(d, p, {'zoneid': z}), #datetime.toDateTimeInTimezone(d, z, p), #string.format(p, d, 1, 2.5)}",
    );
    const letters = fc.array(
      fc.constantFrom(..."yYMLdDqQEeahHKkmsSnwWzZXxVOGuANc[]'-: %05s", "''", 'yyyy', 'MM', 'dd'),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        letters,
        fc.oneof(fc.constantFrom('Europe/Berlin', 'PST', '+0530', 'UTC'), fc.string({ maxLength: 8 })),
        (date, parts, z) => {
          compiled.evaluate(rootFromObject({ d: date.toISOString(), p: parts.join(''), z }));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a date printed with a full pattern is read back as the same instant', () => {
    const compiled = compileExpression(
      '#datetime.parse(#datetime.toDateTimeInTimezone(d, z, p), p, null) == d',
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-30'), noInvalidDate: true }),
        fc.constantFrom('Asia/Kolkata', '+0530', 'Z', 'UTC'),
        fc.constantFrom(
          "yyyy-MM-dd'T'HH:mm:ss.SSSXXXXX",
          'EEE, d MMMM uuuu h:mm:ss.SSS a xxxxx',
          'D/yyyy k:m:s n XXXXX',
          'yyyyMMddHHmmssSSSZZZZ',
        ),
        (date, z, p) => {
          expect(compiled.evaluate(rootFromObject({ d: date.toISOString(), z, p }))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function sizeOf(value: ExpressionValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  return isMap(value)
    ? [...value].reduce((sum, [key, item]) => sum + Buffer.byteLength(key) + sizeOf(item), 0)
    : 0;
}
