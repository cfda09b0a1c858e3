import { describe, expect, it } from 'vitest';
import { toAttributeValues, toJsonValue } from './attribute-values.ts';
import { compileExpression } from './compiled-expression.ts';
import { rootFromObject } from './root.ts';

const valuesOf = (source: string): readonly string[] =>
  toAttributeValues(compileExpression(source).evaluate(rootFromObject({})));

describe('a target attribute', () => {
  it.each([
    ['null', []],
    ["''", []],
    ["'x'", ['x']],
    ['1.0', ['1']],
    ['1.50', ['1.5']],
    ['1.0e21', ['1000000000000000000000']],
    ['1.5e-7', ['0.00000015']],
    ['2.1f', ['2.1']],
    ['9223372036854775807L', ['9223372036854775807']],
    ["#string.asBigDecimal('1.500', 0)", ['1.5']],
    ["#string.asBigDecimal('1e3', 0)", ['1000']],
    ['true', ['true']],
    ["{'a', null, '', 'b', 'a', 1, 1.0, true}", ['a', 'b', '1', 'true']],
    ['{}', []],
  ])('receives from %s', (source, expected) => {
    expect(valuesOf(source)).toEqual(expected);
  });

  it.each(["{'a': 1}", '{{1}}', '{{:}}', '1.0 / 0'])('refuses %s', (source) => {
    expect(() => valuesOf(source)).toThrow(/TYPE_MISMATCH/);
  });
});

describe('JSON', () => {
  it('keeps numbers that every reader understands and spells out the others', () => {
    const value = compileExpression(
      "{1, 2.5, 1.0, 9223372036854775807L, 2 ^ 70, 'a', null, {'k': {true}}}",
    ).evaluate(rootFromObject({}));
    expect(toJsonValue(value)).toEqual([
      1,
      2.5,
      1,
      '9223372036854775807',
      '1180591620717411303424',
      'a',
      null,
      { k: [true] },
    ]);
  });
});
