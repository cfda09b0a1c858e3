import { describe, expect, test } from 'vitest';
import { formatDuration } from './duration.ts';
import { countOf, formatRate } from './number.ts';
import { formatRelativeTime } from './relative-time.ts';

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [640, '640 ms'],
    [1000, '1 s'],
    [4230, '4.2 s'],
    [9960, '10 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_780_000, '1 h 3 min'],
    [187_200_000, '2 d 4 h'],
    [-5, '0 ms'],
  ])('%d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('relative times', () => {
  const now = Date.UTC(2026, 0, 2);
  test.each([
    [0, 'just now'],
    [3000, 'in a moment'],
    [-59_999, '59 s ago'],
    [-3_599_000, '59 min ago'],
    [7_300_000, 'in 2 h'],
    [-172_900_000, '2 d ago'],
  ])('%d ms from now reads %s', (distance, text) => {
    expect(formatRelativeTime(now + distance, now)).toBe(text);
  });
});

test('counts take the singular for one and group thousands', () => {
  expect([countOf(1, 'removal'), countOf(0, 'removal'), countOf(12_000, 'entry', 'entries')]).toEqual([
    '1 removal',
    '0 removals',
    '12,000 entries',
  ]);
});

test('rates keep a decimal only while it says something', () => {
  expect([formatRate(8.34), formatRate(1250.4)]).toEqual(['8.3/s', '1,250/s']);
});
