import { expect, test } from 'vitest';
import { addCounts, disjointCounts } from './disjoint-counts.ts';
import { STATUS_ORDER, STATUS_WORDS, statusWords } from './status-words.ts';

const counters = {
  impacted: 100,
  success: 90,
  unsynced: 3,
  partialSynced: 7,
  failed: 2,
  held: 4,
  conflict: 1,
};

test('an object that counts as success and as partly synced is shown once', () => {
  const counts = disjointCounts(counters);
  expect(counts).toEqual({ SUCCESS: 83, PARTIAL_SYNCED: 7, UNSYNCED: 3, FAILED: 2, HELD: 4, CONFLICT: 1 });
  expect(STATUS_ORDER.reduce((sum, status) => sum + counts[status], 0)).toBe(counters.impacted);
});

test('counters read while a run writes never show less than nothing', () => {
  expect(disjointCounts({ ...counters, impacted: 5 }).SUCCESS).toBe(0);
});

test('users and groups add up state by state', () => {
  const one = disjointCounts(counters);
  expect(addCounts(one, one)).toEqual({
    SUCCESS: 166,
    PARTIAL_SYNCED: 14,
    UNSYNCED: 6,
    FAILED: 4,
    HELD: 8,
    CONFLICT: 2,
  });
});

test('a state of a newer server is shown as it is called', () => {
  expect(statusWords('PAUSED')).toEqual({ label: 'PAUSED', tone: 'calm', meaning: '' });
  expect(statusWords('HELD')).toBe(STATUS_WORDS.HELD);
});
