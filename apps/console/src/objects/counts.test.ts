import { expect, test } from 'vitest';
import { addCounts, disjointCounts } from './disjoint-counts.ts';
import { STATUS_ORDER, STATUS_WORDS, statusWords } from './status-words.ts';

const counters = {
  impacted: 101,
  success: 90,
  unsynced: 3,
  partialSynced: 7,
  failed: 3,
  held: 4,
  conflict: 1,
  states: {
    success: 84,
    unsynced: 3,
    partialSynced: 7,
    failed: 2,
    held: 4,
    conflict: 1,
    removed: 6,
    kept: 5,
  },
};

test('every object is shown in one state', () => {
  const counts = disjointCounts(counters);
  expect(counts).toEqual({
    SUCCESS: 84,
    PARTIAL_SYNCED: 7,
    UNSYNCED: 3,
    FAILED: 2,
    HELD: 4,
    CONFLICT: 1,
    REMOVED: 6,
    KEPT: 5,
  });
  expect(STATUS_ORDER).toHaveLength(Object.keys(counters.states).length);
});

test('users and groups add up state by state', () => {
  const one = disjointCounts(counters);
  expect(addCounts(one, one)).toMatchObject({ SUCCESS: 168, FAILED: 4, KEPT: 10 });
});

test('a state of a newer server is shown as it is called', () => {
  expect(statusWords('PAUSED')).toEqual({ label: 'PAUSED', tone: 'calm', meaning: '' });
  expect(statusWords('HELD')).toBe(STATUS_WORDS.HELD);
});
