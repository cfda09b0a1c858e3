import type { SourceReader } from '@sallyport/engine';
import { silentLog } from '@sallyport/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RuleSource } from './rule-source.ts';
import { emptySource } from './test/empty-source.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('a watch that fails after its first hint is not begun again at once', async () => {
  let begun = 0;
  const reader: SourceReader = {
    ...emptySource,
    hints: async function* () {
      begun += 1;
      yield;
      throw new Error('the server wants no watches');
    },
  };
  let heard = 0;
  const source = new RuleSource(silentLog, () => {
    heard += 1;
    // As the run does that follows.
    queueMicrotask(() => source.listen());
  });
  await source.open(async () => ({ reader, close: async () => undefined }));
  source.listen();
  await source.ended();
  source.listen();
  await source.ended();
  expect([begun, heard, source.push]).toEqual([1, 1, false]);
  vi.advanceTimersByTime(10_000);
  source.listen();
  await source.ended();
  expect(begun).toBe(2);
});
