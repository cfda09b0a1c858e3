import { fails } from './expression-table.ts';
import type { ArgumentRow } from './string-arguments.ts';

const TYPE = fails('TYPE_MISMATCH');
const MANY = fails('TOO_MANY_VALUES');
const NULL = fails('NULL_OPERAND');

export const LIBRARY_ARGUMENTS: readonly ArgumentRow[] = [
  [
    'datetime.addDays',
    ["'2024-01-02Z'", '1'],
    '2024-01-03T00:00:00.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'datetime.addMonths',
    ["'2024-01-02Z'", '1'],
    '2024-02-02T00:00:00.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'datetime.addYears',
    ["'2024-01-02Z'", '1'],
    '2025-01-02T00:00:00.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'datetime.addHours',
    ["'2024-01-02Z'", '1'],
    '2024-01-02T01:00:00.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'datetime.addMinutes',
    ["'2024-01-02Z'", '1'],
    '2024-01-02T00:01:00.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'datetime.addSeconds',
    ["'2024-01-02Z'", '1'],
    '2024-01-02T00:00:01.000Z',
    [
      [null, null, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  ['datetime.getDayOfMonth', ["'2024-01-02T03:04:05Z'"], 2, [[-1, -1, TYPE, MANY]]],
  ['datetime.getMonth', ["'2024-01-02T03:04:05Z'"], 1, [[-1, -1, TYPE, MANY]]],
  ['datetime.getYear', ["'2024-01-02T03:04:05Z'"], 2024, [[-1, -1, TYPE, MANY]]],
  ['datetime.getHour', ["'2024-01-02T03:04:05Z'"], 3, [[-1, -1, TYPE, MANY]]],
  ['datetime.getMinute', ["'2024-01-02T03:04:05Z'"], 4, [[-1, -1, TYPE, MANY]]],
  ['datetime.getSecond', ["'2024-01-02T03:04:05Z'"], 5, [[-1, -1, TYPE, MANY]]],
  ['datetime.now', [], '2024-05-06T07:08:09.010Z', []],
  [
    'datetime.toDateTime',
    ['2024', '1', '2', '3', '4', '5'],
    '2024-01-02T03:04:05.000Z',
    [
      [null, TYPE, TYPE, MANY],
      [null, TYPE, TYPE, MANY],
      [null, TYPE, TYPE, MANY],
      [null, TYPE, TYPE, MANY],
      [null, TYPE, TYPE, MANY],
      [null, TYPE, TYPE, MANY],
    ],
  ],
  ['datetime.toDate', ["'2024-01-02Z'"], '2024-01-02Z', [[null, null, TYPE, MANY]]],
  ['datetime.toTime', ["'2024-01-02Z'"], '00:00:00Z', [[null, null, TYPE, MANY]]],
  [
    'datetime.format',
    ["'2024-01-02Z'", "'yyyy'"],
    '2024',
    [
      [null, null, TYPE, MANY],
      [null, '', TYPE, MANY],
    ],
  ],
  [
    'datetime.compare',
    ["'2024-01-02Z'", "'2024-01-01Z'"],
    1,
    [
      [-1, -1, TYPE, MANY],
      [1, 1, TYPE, MANY],
    ],
  ],
  [
    'datetime.daysBetween',
    ["'2024-01-02Z'", "'2025-03-15Z'", '-99'],
    438,
    [
      [-99, -99, TYPE, MANY],
      [-99, -99, TYPE, MANY],
      [438, 438, 438, 438],
    ],
  ],
  [
    'datetime.weeksBetween',
    ["'2024-01-02Z'", "'2025-03-15Z'", '-99'],
    62,
    [
      [-99, -99, TYPE, MANY],
      [-99, -99, TYPE, MANY],
      [62, 62, 62, 62],
    ],
  ],
  [
    'datetime.monthsBetween',
    ["'2024-01-02Z'", "'2025-03-15Z'", '-99'],
    14,
    [
      [-99, -99, TYPE, MANY],
      [-99, -99, TYPE, MANY],
      [14, 14, 14, 14],
    ],
  ],
  [
    'datetime.yearsBetween',
    ["'2024-01-02Z'", "'2025-03-15Z'", '-99'],
    1,
    [
      [-99, -99, TYPE, MANY],
      [-99, -99, TYPE, MANY],
      [1, 1, 1, 1],
    ],
  ],
  [
    'datetime.periodBetween',
    ["'2024-01-02Z'", "'2024-01-03Z'", "'d'"],
    'P1D',
    [
      ['d', 'd', TYPE, MANY],
      ['d', 'd', TYPE, MANY],
      ['P1D', 'P1D', 'P1D', 'P1D'],
    ],
  ],
  ['datetime.toUnixTimestamp', ["'1970-01-02Z'"], 86400, [[null, null, TYPE, MANY]]],
  ['datetime.fromUnixTimestamp', ['0'], '1970-01-01T00:00:00.000Z', [[null, TYPE, TYPE, MANY]]],
  [
    'datetime.parse',
    ["'2024-01-02'", "'yyyy-MM-dd'", 'null'],
    '2024-01-02T00:00:00.000Z',
    [
      [null, null, TYPE, MANY],
      [null, null, TYPE, MANY],
      ['2024-01-02T00:00:00.000Z', TYPE, '2024-01-02T00:00:00.000Z', TYPE],
    ],
  ],
  [
    'datetime.toDateTimeInTimezone',
    ["'2024-01-02Z'", "'UTC'", "'yyyy'"],
    '2024',
    [
      [null, null, TYPE, MANY],
      [null, null, TYPE, MANY],
      ['2024-01-02T00:00:00.000+0000', '', TYPE, MANY],
    ],
  ],
  [
    'data.indexOf',
    ['{1, 2}', '2'],
    1,
    [
      [-1, -1, -1, 1],
      [-1, -1, -1, -1],
    ],
  ],
  ['data.isNotEmpty', ['{1}'], true, [[false, true, false, true]]],
  [
    'data.containsAll',
    ['{1, 2}', '{1}'],
    true,
    [
      [false, false, false, true],
      [true, false, false, true],
    ],
  ],
  [
    'data.containsAny',
    ['{1, 2}', '{2, 3}'],
    true,
    [
      [false, false, false, true],
      [false, false, false, true],
    ],
  ],
  [
    'data.removeAll',
    ['{1, 2}', '{1}'],
    [2],
    [
      [[], [''], [{}], [2]],
      [[1, 2], [1, 2], [1, 2], []],
    ],
  ],
  [
    'data.retainAll',
    ['{1, 2}', '{1}'],
    [1],
    [
      [[], [], [], [1]],
      [[], [], [], [1, 2]],
    ],
  ],
  [
    'data.union',
    ['{1}', '{2}'],
    [1, 2],
    [
      [[2], ['', 2], [{}, 2], [1, 2, 2]],
      [[1], [1, ''], [1, {}], [1, 1, 2]],
    ],
  ],
  ['data.size', ['{1, 2}'], 2, [[0, 1, 0, 2]]],
  [
    'data.equals',
    ['{1}', '{1}'],
    true,
    [
      [false, false, false, false],
      [false, false, false, false],
    ],
  ],
  [
    'regex.matches',
    ["'a'", "'a'"],
    true,
    [
      [false, false, TYPE, MANY],
      [NULL, false, TYPE, MANY],
    ],
  ],
  [
    'regex.replaceFirst',
    ["'aa'", "'a'", "'b'"],
    'ba',
    [
      [null, '', TYPE, MANY],
      [NULL, 'baa', TYPE, MANY],
      [NULL, 'a', TYPE, MANY],
    ],
  ],
  [
    'regex.replaceAll',
    ["'aa'", "'a'", "'b'"],
    'bb',
    [
      [null, '', TYPE, MANY],
      [NULL, 'babab', TYPE, MANY],
      [NULL, '', TYPE, MANY],
    ],
  ],
  [
    'regex.findAllMatches',
    ["'aa'", "'a'"],
    ['a', 'a'],
    [
      [[], [], TYPE, MANY],
      [NULL, ['', '', ''], TYPE, MANY],
    ],
  ],
  [
    'crypto.hmacHexDigest',
    ["'d'", "'k'", "'HmacMD5'"],
    '7f330edb3a84f317f7ca433d6038ff9a',
    [
      [NULL, 'cd32bedd46aa63cffa3023f050fc78e3', TYPE, MANY],
      [NULL, '5f877893cf18d622daed614c1df6f2f9', TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'core.ifelse',
    ['true', '1', '2'],
    1,
    [
      [2, 2, 2, 2],
      [null, '', {}, [1, 2]],
      [1, 1, 1, 1],
    ],
  ],
  [
    'core.switchExpr',
    ['1', '1', "'a'", "'z'"],
    'a',
    [
      ['z', 'z', 'z', 'z'],
      ['z', 'z', 'z', 'z'],
      [null, '', {}, [1, 2]],
      ['a', 'a', 'a', 'a'],
    ],
  ],
];
