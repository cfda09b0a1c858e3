import { expect, test } from 'vitest';
import { matches } from './use-searched-pages.ts';

const texts = ['uid=ada,ou=People,dc=example', undefined, 'Ada Lovelace'];

test('every word has to be found, in any field and any case', () => {
  expect(matches(texts, 'LOVELACE ou=people')).toBe(true);
  expect(matches(texts, 'lovelace ou=groups')).toBe(false);
});

test('blanks alone search for nothing', () => {
  expect(matches(texts, '   ')).toBe(true);
});
