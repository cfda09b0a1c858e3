import { CodedError } from '@sallyport/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BreakerState, CLOSED_BREAKER, nextBreaker } from './breaker.ts';
import { classifyFailure } from './classify-failure.ts';

const SETTINGS = { firstRetryMs: 1000, maxRetryMs: 300_000 };

function failed(
  state: BreakerState,
  at: number,
  failure = classifyFailure(new Error('x')),
  jitter = 0,
): BreakerState {
  return nextBreaker(
    state,
    { kind: 'failed', at, reason: 'the directory is away', failure, jitter },
    SETTINGS,
  );
}

test('the breaker opens at the fifth failure, probes ever more slowly, and closes at the first success', () => {
  let state = CLOSED_BREAKER;
  const waits: number[] = [];
  let at = 0;
  for (let failure = 1; failure <= 12; failure += 1) {
    state = failed(state, at);
    expect(state.kind).toBe(failure < 5 ? 'closed' : 'open');
    waits.push((state.nextTryAt ?? 0) - at);
    at = state.nextTryAt ?? 0;
  }
  expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(waits.at(-1)).toBe(300_000);
  expect(state).toMatchObject({ since: 0, reason: 'the directory is away' });
  expect(nextBreaker(state, { kind: 'prodded', at: 7 }, SETTINGS)).toMatchObject({
    kind: 'open',
    nextTryAt: 7,
  });
  expect(nextBreaker(state, { kind: 'succeeded' }, SETTINGS)).toEqual(CLOSED_BREAKER);
});

test('no wait is longer than the longest, jitter or not', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0, max: 1, noNaN: true }), (failures, jitter) => {
      const state = failed({ ...CLOSED_BREAKER, failures }, 0, classifyFailure(undefined), jitter);
      expect(state.nextTryAt).toBeGreaterThan(0);
      expect(state.nextTryAt).toBeLessThanOrEqual(SETTINGS.maxRetryMs);
    }),
  );
});

test('an error says for itself whether trying again makes sense', () => {
  expect(classifyFailure(Object.assign(new Error(), { retryAfterMs: 9e6 }))).toEqual({
    kind: 'throttled',
    retryAfterMs: 9e6,
  });
  expect(failed(CLOSED_BREAKER, 0, { kind: 'throttled', retryAfterMs: 9e6 }).nextTryAt).toBe(9e6);
  expect(classifyFailure(new CodedError('INVALID_MAPPINGS', 'x')).kind).toBe('permanent');
  expect(classifyFailure(Object.assign(new CodedError('BIND_REFUSED', 'x'), { retryable: false })).kind).toBe(
    'permanent',
  );
  expect(classifyFailure(new CodedError('ANYTHING', 'x')).kind).toBe('transient');
  expect(failed(CLOSED_BREAKER, 0, { kind: 'permanent' }).nextTryAt).toBe(300_000);
});
