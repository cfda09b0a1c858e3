import { describe, expect, it } from 'vitest';
import { checkExpression } from './checking/check.ts';
import { compileExpression } from './compiled-expression.ts';
import { ExpressionError } from './errors.ts';
import { rootFromObject } from './root.ts';
import { parseExpression } from './syntax/parser.ts';

function errorOf(run: () => unknown): ExpressionError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a refusal', () => {
  it.each([
    ['user?.name', 'FEATURE_DISABLED', 4, 'A plain dot is enough'],
    ['givenName.toUpperCase()', 'FEATURE_DISABLED', 10, '#string.upperCase(value)'],
    ['T(java.lang.Integer).parseInt(x)', 'FEATURE_DISABLED', 0, '#string.asInt(value, default)'],
    ['T(java.time.LocalDate).now()', 'FEATURE_DISABLED', 0, '#datetime.now()'],
    ['@mailService.find(x)', 'FEATURE_DISABLED', 0, 'root and the libraries only'],
    ['new java.util.ArrayList()', 'FEATURE_DISABLED', 0, 'functions of #data'],
    ['x instanceof T(String)', 'FEATURE_DISABLED', 2, 'default with ?:'],
    ["sn = 'x'", 'FEATURE_DISABLED', 3, '=='],
    ['i++', 'FEATURE_DISABLED', 1, 'value + 1'],
    ['trim(sn)', 'FEATURE_DISABLED', 0, '#string.trim(value)'],
    ['list.{? #this > 1}', 'SYNTAX', 5, 'list.?[condition]'],
    ['#{givenName}', 'SYNTAX', 1, 'without a wrapper'],
    ['$' + '{givenName}', 'SYNTAX', 0, 'without a dollar'],
    ["a === 'x'", 'SYNTAX', 2, '=='],
    ["a & 'x'", 'SYNTAX', 2, 'and'],
    ['x between {1, 2}', 'SYNTAX', 2, 'value >= low'],
    ["x in {'a'}", 'SYNTAX', 2, '#data.containsAny'],
    ['first-name', 'OPERATOR_SPACING', 5, "#root['first-name']"],
    ['userCertificate;binary', 'SYNTAX', 15, 'brackets'],
    ['2147483648', 'SYNTAX', 0, '2147483648L'],
    ['#string.toUpperCase(sn)', 'UNKNOWN_FUNCTION', 0, '#string.upperCase'],
    ['#string.replaceAll(sn, 1, 2)', 'UNKNOWN_FUNCTION', 0, '#regex.replaceAll'],
    ['#String.trim(sn)', 'UNKNOWN_VARIABLE', 0, 'Attributes are written without #'],
    ["{'a': 1}.b", 'MISSING_PROPERTY', 9, "['b']"],
  ] as const)('of %s says %s, where it stands and what to write instead', (source, code, position, hint) => {
    const error = errorOf(() => compileExpression(source));
    expect(error).toMatchObject({ code, position });
    expect(error.message).toContain(hint);
  });

  it('lists every fault that leaves the structure clear, in the order of the text', () => {
    const error = errorOf(() => compileExpression('a.trim()+b?.c + @d + T(X).y() == 1 and x=2'));
    expect(error.problems.map(({ code, position }) => `${code}@${position}`)).toEqual([
      'FEATURE_DISABLED@2',
      'OPERATOR_SPACING@8',
      'FEATURE_DISABLED@10',
      'FEATURE_DISABLED@16',
      'FEATURE_DISABLED@21',
      'FEATURE_DISABLED@40',
    ]);
    expect(error.position).toBe(2);
  });

  it('at evaluation names the part of the expression and the value it had', () => {
    const compiled = compileExpression("#string.upperCase(mail) + ''");
    const error = errorOf(() => compiled.evaluate(rootFromObject({ mail: ['a', 'b'] })));
    expect(error).toMatchObject({ code: 'TOO_MANY_VALUES', position: 18, found: '2 values in mail' });
  });
});

describe('the check', () => {
  const check = (source: string) => checkExpression(parseExpression(source));

  it('names the root attributes in source spelling, each once, and not those of elements', () => {
    const result = check(
      "givenName + #root.sn + #root['user-id'] + GIVENNAME + memberOf.![cn + #root.Company] + #this.l + {title: t}[x]",
    );
    expect(result.attributes).toEqual(['givenName', 'sn', 'user-id', 'memberOf', 'Company', 'l', 't', 'x']);
    expect(result.usesWholeRoot).toBe(false);
  });

  it('names the part that is read of an attribute, however it is written', () => {
    expect(
      check(
        "name.given + #root.name['family'] + #root['address'].region + name.given.x + list.![name.middle] + mail",
      ).paths,
    ).toEqual(['name.given', 'name.family', 'address.region', 'list', 'mail']);
    expect(check('name[key] + name').paths).toEqual(['name', 'key']);
  });

  it.each(['#root', '#this', '#root[name]', '#data.size(#root)', 'a.![#root]', '#root.![key]'])(
    'sees that %s uses the whole root',
    (source) => {
      expect(check(source).usesWholeRoot).toBe(true);
    },
  );

  it.each([
    ["a + 'x'", 'text'],
    ['#string.trim(a)', 'text'],
    ['a == b', 'boolean'],
    ['1 + 2', 'number'],
    ['a.![b]', 'list'],
    ['{:}', 'map'],
    ["a ? 'x' : null", 'text'],
    ["a ? 'x' : 1", undefined],
    ['a', undefined],
    ['a + b', undefined],
  ])('knows what %s gives', (source, type) => {
    expect(check(source).resultType).toBe(type);
  });

  it.each([
    ['5 / 0', ['DIVISION_BY_ZERO']],
    ["a + ('x' * 2)", ['TYPE_MISMATCH']],
    ['#string.trim(a) - 1', ['TYPE_MISMATCH']],
    ["a ? 'x' * 2 : 1", []],
    ['false and ! 4 < 14', []],
    ['a and 5 / 0 == 1', []],
    ['#core.ifelse(a, 5 / 0)', []],
    ['#nope.a() + #string.b() + #string.trim()', ['UNKNOWN_VARIABLE']],
    ['#string.b() + #string.trim()', ['UNKNOWN_FUNCTION', 'ARGUMENT_COUNT']],
    ["a matches '(?<=x)y'", []],
    ["a matches '('", ['REGEX_INVALID']],
    ["a and b matches '(x)\\1'", ['REGEX_UNSUPPORTED']],
    ["a matches 'x(?=y)'", ['REGEX_UNSUPPORTED']],
    ["#regex.replaceAll(a, 'x', '(', '(?=y)x', '')", ['REGEX_UNSUPPORTED']],
  ])('finds in %s what fails on any data', (source, codes) => {
    const problems = () => check(source).problems;
    const found = source.startsWith('#nope') ? errorOf(problems).problems : problems();
    expect(found.map((problem) => problem.code)).toEqual(codes);
  });
});

describe('a warning', () => {
  it('tells of null that became text', () => {
    const warnings: string[] = [];
    const compiled = compileExpression("givenName + ' ' + sn");
    const value = compiled.evaluate(rootFromObject({ givenName: 'Ana' }), {
      warn: ({ code, found }) => warnings.push(`${code} ${found}`),
    });
    expect(value).toBe('Ana null');
    expect(warnings).toEqual(['NULL_IN_CONCATENATION sn']);
  });
});
