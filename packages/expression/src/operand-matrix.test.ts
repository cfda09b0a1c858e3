import { describe, expect, it } from 'vitest';
import { fails, outcome } from './testing/expression-table.ts';

const TYPE = fails('TYPE_MISMATCH');
const MANY = fails('TOO_MANY_VALUES');
const NULL = fails('NULL_OPERAND');

const OPERANDS = ['null', "''", '{:}', "'a'", '1', 'true', '{1, 2}'];
const NUMBERS_ONLY = (one: unknown) => [NULL, TYPE, TYPE, TYPE, one, TYPE, MANY];
const BOOLEANS_ONLY = (isTrue: unknown) => [NULL, TYPE, TYPE, TYPE, TYPE, isTrue, MANY];
const never = (value: unknown) => OPERANDS.map(() => value);

/** An expression with an operand left out, and what comes of each operand in its place. */
const OPERATORS: readonly (readonly [string, readonly unknown[]])[] = [
  ['_ + 2', [NULL, '2', TYPE, 'a2', 3, TYPE, MANY]],
  ['6 + _', [NULL, '6', TYPE, '6a', 7, TYPE, MANY]],
  ["'x' + _", ['xnull', 'x', TYPE, 'xa', 'x1', 'xtrue', MANY]],
  ["_ + 'x'", ['nullx', 'x', TYPE, 'ax', '1x', 'truex', MANY]],
  ['_ - 2', NUMBERS_ONLY(-1)],
  ['6 - _', NUMBERS_ONLY(5)],
  ['_ * 2', NUMBERS_ONLY(2)],
  ['6 * _', NUMBERS_ONLY(6)],
  ['_ / 2', NUMBERS_ONLY(0)],
  ['6 div _', NUMBERS_ONLY(6)],
  ['_ % 2', NUMBERS_ONLY(1)],
  ['6 mod _', NUMBERS_ONLY(0)],
  ['_ ^ 2', NUMBERS_ONLY(1)],
  ['6 ^ _', NUMBERS_ONLY(6)],
  ...(['<', 'lt', '<=', 'le'] as const).flatMap((operator) => [
    [`_ ${operator} 2`, [true, TYPE, TYPE, TYPE, true, TYPE, MANY]] as const,
    [`6 ${operator} _`, [false, TYPE, TYPE, TYPE, false, TYPE, MANY]] as const,
    [`_ ${operator} 'b'`, [true, true, TYPE, true, TYPE, TYPE, MANY]] as const,
  ]),
  ...(['>', 'gt', '>=', 'ge'] as const).flatMap((operator) => [
    [`_ ${operator} 2`, [false, TYPE, TYPE, TYPE, false, TYPE, MANY]] as const,
    [`6 ${operator} _`, [true, TYPE, TYPE, TYPE, true, TYPE, MANY]] as const,
    [`'b' ${operator} _`, [true, true, TYPE, true, TYPE, TYPE, MANY]] as const,
  ]),
  ...(['==', 'eq'] as const).flatMap((operator) => [
    [`_ ${operator} 1`, [false, false, false, false, true, false, false]] as const,
    [`_ ${operator} null`, [true, false, false, false, false, false, false]] as const,
    [`'a' ${operator} _`, [false, false, false, true, false, false, false]] as const,
    [`{1, 2} ${operator} _`, [false, false, false, false, false, false, true]] as const,
  ]),
  ...(['!=', 'ne'] as const).map(
    (operator) => [`_ ${operator} 1`, [true, true, true, true, false, true, true]] as const,
  ),
  ["_ matches 'a'", [false, false, TYPE, true, false, false, MANY]],
  ["'a' matches _", [NULL, false, TYPE, true, false, false, MANY]],
  ['_ and true', BOOLEANS_ONLY(true)],
  ['true && _', BOOLEANS_ONLY(true)],
  ['false and _', never(false)],
  ['_ || false', BOOLEANS_ONLY(true)],
  ['false or _', BOOLEANS_ONLY(true)],
  ['true or _', never(true)],
  ['! _', BOOLEANS_ONLY(false)],
  ['not _', BOOLEANS_ONLY(false)],
  ['- _', NUMBERS_ONLY(-1)],
  ['+ _', NUMBERS_ONLY(1)],
  ['_ ? 1 : 2', BOOLEANS_ONLY(1)],
  ['_ ?: 9', [9, 9, {}, 'a', 1, true, [1, 2]]],
  ['6 ?: _', never(6)],
  ['(_).?[true]', [null, [''], {}, ['a'], [1], [true], [1, 2]]],
  ['(_).^[true]', [null, '', null, 'a', 1, true, 1]],
  ['(_).$[true]', [null, '', null, 'a', 1, true, 2]],
  ['(_).![1]', [null, [1], [], [1], [1], [1], [1, 1]]],
  ['{1}.?[_]', [[], TYPE, TYPE, TYPE, TYPE, [1], MANY]],
  ['{1}.^[_]', [null, TYPE, TYPE, TYPE, TYPE, 1, MANY]],
  ['{1}.$[_]', [null, TYPE, TYPE, TYPE, TYPE, 1, MANY]],
  ['{1}.![_]', [[null], [''], [{}], ['a'], [1], [true], [[1, 2]]]],
  ['(_)[0]', [null, '', null, 'a', 1, true, 1]],
  ["(_)['k']", [null, null, null, null, null, null, TYPE]],
  ['{3, 4}[_]', [NULL, TYPE, TYPE, TYPE, 4, TYPE, MANY]],
  ["{'a': 5}[_]", [null, null, TYPE, 5, null, null, MANY]],
  ['{(_): 1}', [{}, { '': 1 }, TYPE, { a: 1 }, { 1: 1 }, { true: 1 }, MANY]],
  ['new int[] {_}', NUMBERS_ONLY([1])],
  ['new int[_]', NUMBERS_ONLY([0])],
];

describe('every operator, with null, empty text, a map, a text, a number, a boolean and several values', () => {
  it.each(OPERATORS)('%s', (template, expected) => {
    expect(OPERANDS.map((operand) => outcome(template.replace('_', operand)))).toEqual(expected);
  });
});
