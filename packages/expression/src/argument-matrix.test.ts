import { describe, expect, it } from 'vitest';
import { functionNames } from './libraries/catalogue.ts';
import { outcome } from './testing/expression-table.ts';
import { LIBRARY_ARGUMENTS } from './testing/library-arguments.ts';
import { INSTEAD, STRING_ARGUMENTS } from './testing/string-arguments.ts';

const FUNCTIONS = [...STRING_ARGUMENTS, ...LIBRARY_ARGUMENTS];

describe('every function', () => {
  it('has a row', () => {
    expect(FUNCTIONS.map(([name]) => name).sort()).toEqual([...functionNames()].sort());
  });

  it.each(FUNCTIONS)('#%s(%j) gives %j', (name, args, result, cells) => {
    const call = (at: number, instead: string) =>
      outcome(`#${name}(${args.map((arg, index) => (index === at ? instead : arg)).join(', ')})`);
    expect(call(-1, '')).toEqual(result);
    expect(cells).toHaveLength(args.length);
    expect(args.map((_, at) => INSTEAD.map((instead) => call(at, instead)))).toEqual(cells);
  });
});
