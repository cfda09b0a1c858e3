import { fails } from './expression-table.ts';

const TYPE = fails('TYPE_MISMATCH');
const MANY = fails('TOO_MANY_VALUES');
const NULL = fails('NULL_OPERAND');

/** What stands in the place of one argument after the other. */
export const INSTEAD = ['null', "''", '{:}', '{1, 2}'];

/** Function, sound arguments, their result; then for each argument what comes of each of `INSTEAD` in its place. */
export type ArgumentRow = readonly [string, readonly string[], unknown, readonly (readonly unknown[])[]];

export const STRING_ARGUMENTS: readonly ArgumentRow[] = [
  ['string.isNotEmpty', ["'a'"], true, [[false, false, TYPE, MANY]]],
  ['string.isNotBlank', ["'a'"], true, [[false, false, TYPE, MANY]]],
  ['string.upperCase', ["'a'"], 'A', [[null, '', TYPE, MANY]]],
  ['string.lowerCase', ["'A'"], 'a', [[null, '', TYPE, MANY]]],
  ['string.trim', ["' a '"], 'a', [[null, '', TYPE, MANY]]],
  [
    'string.substring',
    ["'abc'", '0', '2'],
    'ab',
    [
      [null, '', TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'string.split',
    ["'a,b'", "','"],
    ['a', 'b'],
    [
      [null, [], TYPE, MANY],
      [['a,b'], ['a,b'], TYPE, MANY],
    ],
  ],
  [
    'string.join',
    ["{'a', 'b'}", "'-'"],
    'a-b',
    [
      [null, '', TYPE, '1-2'],
      ['ab', 'ab', TYPE, MANY],
    ],
  ],
  [
    'string.replace',
    ["'aa'", "'a'", "'b'", '1'],
    'ba',
    [
      [null, '', TYPE, MANY],
      ['aa', 'aa', TYPE, MANY],
      ['aa', 'a', TYPE, MANY],
      ['aa', TYPE, TYPE, MANY],
    ],
  ],
  [
    'string.format',
    ["'%s'", "'a'"],
    'a',
    [
      [null, '', TYPE, MANY],
      ['null', '', '{}', '[1, 2]'],
    ],
  ],
  [
    'string.firstNonEmpty',
    ["'a'", "'b'"],
    'a',
    [
      ['b', 'b', TYPE, MANY],
      ['a', 'a', 'a', 'a'],
    ],
  ],
  [
    'string.firstNonBlank',
    ["'a'", "'b'"],
    'a',
    [
      ['b', 'b', TYPE, MANY],
      ['a', 'a', 'a', 'a'],
    ],
  ],
  [
    'string.startsWith',
    ["'abc'", "'a'"],
    true,
    [
      [false, false, TYPE, MANY],
      [false, true, TYPE, MANY],
    ],
  ],
  [
    'string.endsWith',
    ["'abc'", "'c'"],
    true,
    [
      [false, false, TYPE, MANY],
      [false, true, TYPE, MANY],
    ],
  ],
  [
    'string.indexOf',
    ["'abc'", "'c'", '0'],
    2,
    [
      [-1, -1, TYPE, MANY],
      [-1, 0, TYPE, MANY],
      [2, TYPE, TYPE, MANY],
    ],
  ],
  [
    'string.lastIndexOf',
    ["'abc'", "'c'", '9'],
    2,
    [
      [-1, -1, TYPE, MANY],
      [-1, 3, TYPE, MANY],
      [2, TYPE, TYPE, MANY],
    ],
  ],
  ['string.length', ["'abc'"], 3, [[0, 0, TYPE, MANY]]],
  [
    'string.compare',
    ["'a'", "'a'", 'true'],
    0,
    [
      [-1, -1, TYPE, MANY],
      [1, 1, TYPE, MANY],
      [NULL, TYPE, TYPE, MANY],
    ],
  ],
  [
    'string.asInt',
    ["'7'", '0'],
    7,
    [
      [0, 0, TYPE, MANY],
      [7, 7, 7, 7],
    ],
  ],
  [
    'string.asLong',
    ["'7'", '0'],
    7,
    [
      [0, 0, TYPE, MANY],
      [7, 7, 7, 7],
    ],
  ],
  [
    'string.asBigInt',
    ["'7'", '0'],
    7,
    [
      [0, 0, TYPE, MANY],
      [7, 7, 7, 7],
    ],
  ],
  [
    'string.asBigDecimal',
    ["'7.5'", '0'],
    7.5,
    [
      [0, 0, TYPE, MANY],
      [7.5, 7.5, 7.5, 7.5],
    ],
  ],
  [
    'string.asFloat',
    ["'7.5'", '0'],
    7.5,
    [
      [0, 0, TYPE, MANY],
      [7.5, 7.5, 7.5, 7.5],
    ],
  ],
  [
    'string.asDouble',
    ["'7.5'", '0'],
    7.5,
    [
      [0, 0, TYPE, MANY],
      [7.5, 7.5, 7.5, 7.5],
    ],
  ],
  ['string.asBase64Encoded', ["'a'"], 'YQ==', [[null, '', TYPE, MANY]]],
  ['string.asBase64Decoded', ["'YQ=='"], 'a', [[null, '', TYPE, MANY]]],
  ['string.asUrlEncoded', ["'a b'"], 'a+b', [[null, '', TYPE, MANY]]],
  ['string.asUrlDecoded', ["'a+b'"], 'a b', [[null, '', TYPE, MANY]]],
  [
    'string.uuidAsBase64Guid',
    ["'7754d487-1fc3-4206-9e95-ce012f1586e5'", "'d'"],
    'h9RUd8MfBkKelc4BLxWG5Q==',
    [
      ['d', 'd', TYPE, MANY],
      [
        'h9RUd8MfBkKelc4BLxWG5Q==',
        'h9RUd8MfBkKelc4BLxWG5Q==',
        'h9RUd8MfBkKelc4BLxWG5Q==',
        'h9RUd8MfBkKelc4BLxWG5Q==',
      ],
    ],
  ],
];
