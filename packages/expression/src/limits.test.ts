import { describe, expect, it } from 'vitest';
import { compileExpression } from './compiled-expression.ts';
import { ExpressionError } from './errors.ts';
import { rootFromObject } from './root.ts';

const root = rootFromObject({
  long: 'a'.repeat(60_000),
  list: Array.from({ length: 2_000 }, (_, index) => `v${index}`),
  huge: Array.from({ length: 10_001 }, () => 'x'),
});

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
}

describe('the bounds of an expression', () => {
  it.each([
    ['a text over 8 KB', `'${'x'.repeat(8_200)}'`],
    ['65 levels of brackets', `${'('.repeat(65)}1${')'.repeat(65)}`],
    ['65 prefix operators', `${'! '.repeat(65)}true`],
    ['a thousand steps in a row', `a${'.b'.repeat(1_001)}`],
  ])('refuse %s', (_name, source) => {
    expect(codeOf(() => compileExpression(source))).toBe('LIMIT');
  });

  it('let the longest row of operators and properties through without overflowing the stack', () => {
    expect(compileExpression(`1${' + 1'.repeat(1_000)}`).evaluate(root)).toBe(1_001);
    expect(compileExpression(`a${'.b'.repeat(1_000)}`).evaluate(root)).toBeNull();
  });
});

describe('the bounds of an evaluation', () => {
  it.each([
    ['steps of nested loops', 'list.![#root.list.![#this]]'],
    ['a loop of regular expressions over a long text', "list.![#regex.findAllMatches(#root.long, 'b+')]"],
    ['a loop over a long text', 'list.![#string.lowerCase(#root.long)]'],
    ['a search that looks at the rest of the text for each match', "#regex.replaceAll(long, 'a.*b|a', 'a')"],
    [
      'a search for a long text in a loop',
      "list.![#string.lastIndexOf(#root.long, #string.substring(#root.long, 0, 30000) + 'b', 60000)]",
    ],
    ['text that grows by joining', 'long + long'],
    ['text that grows by replacing', "#string.replace(long, 'a', 'aaaaaaaaaa', -1)"],
    ['text that grows by a regular expression', "#regex.replaceAll(long, 'a', 'aaaaaaaaaa')"],
    ['text that grows by a list', "#string.join(list.![#string.substring(#root.long, 0, 100)], '')"],
    ['text that grows by encoding', '#string.asBase64Encoded(long)'],
    ['a list of split text', "#string.split(#string.replace(long, 'aa', 'a ', -1), ' ')"],
    ['a list of matches', "#regex.findAllMatches(long, 'a')"],
    ['a list of 10,001', 'huge.![#this]'],
    ['a union of lists', '#data.union(huge, huge)'],
    ['a number of thousands of digits', '(2 ^ 3000) ^ 3000'],
    ['a result over 64 KB', '{long, long}'],
  ])('hold %s', (_name, source) => {
    expect(codeOf(() => compileExpression(source).evaluate(root))).toBe('LIMIT');
  });

  it('let a scan of a large group through', () => {
    const members = compileExpression(
      "list.?[#string.startsWith(#this, 'v19')].![#string.upperCase(#this)]",
    ).evaluate(root);
    expect(members).toHaveLength(111);
  });

  it('stop a pattern that would backtrack for ever elsewhere', () => {
    const started = performance.now();
    expect(compileExpression("(long + '!') matches '(a|aa)+\\$'").evaluate(root)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
