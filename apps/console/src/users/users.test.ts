import { describe, expect, test } from 'vitest';
import type { User } from '../api/shapes.ts';
import { displayName, profileLines } from './profile-lines.ts';
import { userFilter } from './user-filter.ts';

describe('the filter for what was typed', () => {
  test('every word must begin one of the searched attributes', () => {
    expect(userFilter(' ada ')).toBe(
      '(username sw "ada" or email sw "ada" or name.given sw "ada" or name.family sw "ada")',
    );
    expect(userFilter('ada l')?.split(' and ')).toHaveLength(2);
  });

  test('quotes and backslashes cannot end the text', () => {
    expect(userFilter('a"\\')).toContain('username sw "a\\"\\\\"');
  });

  test.each([
    'username eq "ada"',
    'not (enabled eq true)',
    '(email pr and enabled eq false) or title co "x"',
    'population.id eq "7"',
  ])('%s is a filter and goes as it is', (filter) => {
    expect(userFilter(filter)).toBe(filter);
  });

  test.each(['eq', 'Ada eq', 'pr ada', 'bob co'])('%s is a name', (text) => {
    expect(userFilter(text)).toContain('username sw');
  });

  test('nothing typed is no filter', () => {
    expect(userFilter('  ')).toBeUndefined();
  });
});

const user: User = {
  id: 'u',
  environment: { id: 'e' },
  username: 'ada',
  name: { given: 'Ada', family: 'Lovelace' },
  enabled: true,
  mfaEnabled: false,
  population: { id: 'p' },
  account: { canAuthenticate: true, status: 'OK' },
  lifecycle: { status: 'ACCOUNT_OK' },
  identityProvider: { type: 'PING_ONE' },
  verifyStatus: 'NOT_INITIATED',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  badges: ['a', 'b'],
  nothing: [],
};

test('a profile is shown by path, with custom attributes and without what is shown elsewhere', () => {
  expect(profileLines(user)).toEqual([
    { attribute: 'name.given', values: ['Ada'] },
    { attribute: 'name.family', values: ['Lovelace'] },
    { attribute: 'mfaEnabled', values: ['false'] },
    { attribute: 'identityProvider.type', values: ['PING_ONE'] },
    { attribute: 'verifyStatus', values: ['NOT_INITIATED'] },
    { attribute: 'badges', values: ['a', 'b'] },
  ]);
});

test('a person is called by the full name, without one by the username', () => {
  expect(displayName(user)).toBe('Ada Lovelace');
  expect(displayName({ ...user, name: { formatted: 'Countess' } })).toBe('Countess');
  expect(displayName({ ...user, name: {} })).toBe('ada');
});
