import { expect, test } from 'vitest';
import { readChoice, readText } from './search-params.ts';

test('a text that looks like a number stays the text that was searched for', () => {
  expect(readText({ search: 4711 }, 'search')).toBe('4711');
});

test('what is no text, empty or endless is as if it were not there', () => {
  const search = { a: { b: 1 }, b: '', c: 'x'.repeat(5000), d: null };
  expect(['a', 'b', 'c', 'd', 'e'].map((name) => readText(search, name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a choice is taken in any case, and another word is no choice', () => {
  const choices = ['FAILED', 'HELD'] as const;
  expect(readChoice({ status: 'failed' }, 'status', choices)).toBe('FAILED');
  expect(readChoice({ status: 'lost' }, 'status', choices)).toBeUndefined();
});
