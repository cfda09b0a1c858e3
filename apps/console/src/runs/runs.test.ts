import { expect, test } from 'vitest';
import { outcomeLabel, outcomesOf } from './outcome-words.ts';
import { runProgress } from './run-progress.ts';

const now = Date.UTC(2026, 0, 1);

test('a run tells what it has read, how fast, and when it will be through', () => {
  const estimatedEndAt = new Date(now + 64_200).toISOString();
  expect(runProgress({ read: 4000, expected: 12_000, ratePerSecond: 125, estimatedEndAt }, now)).toEqual({
    percent: 33,
    text: '4,000 of 12,000 read · 125/s · about 1 min 5 s left',
  });
});

test('a run of unknown length has no percentage', () => {
  expect(runProgress({ read: 7 }, now)).toEqual({ percent: undefined, text: '7 read' });
});

test('a run that finds more than was expected never claims to be done', () => {
  expect(runProgress({ read: 15, expected: 10 }, now)).toEqual({ percent: 99, text: '15 read' });
});

test('an end that is due is almost there, not in the past', () => {
  const estimatedEndAt = new Date(now - 2000).toISOString();
  expect(runProgress({ read: 9, expected: 10, estimatedEndAt }, now).text).toBe('9 of 10 read · almost done');
});

test('outcomes that did not happen are left out and those that need a person come first', () => {
  expect(outcomesOf({ unchanged: 90, created: 3, failed: 1, held: 0 }).map(({ outcome }) => outcome)).toEqual(
    ['failed', 'created', 'unchanged'],
  );
});

test('a preview speaks of what would happen', () => {
  expect([outcomeLabel('deleted', true), outcomeLabel('deleted', false)]).toEqual([
    'Would be deleted',
    'Deleted',
  ]);
});
