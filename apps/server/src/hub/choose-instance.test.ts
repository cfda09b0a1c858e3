import { expect, test } from 'vitest';
import { stayWith } from './choose-instance.ts';

test('a sync stays with its instance while that is there and no worse than unhealthy, however busy', () => {
  const busy = { healthy: true, inFlight: 9, latencyMs: 50 };
  const idle = { healthy: true, inFlight: 0, latencyMs: 1 };
  const sick = { healthy: false, inFlight: 0, latencyMs: 1 };
  expect(stayWith(undefined, [busy, idle])).toBe(idle);
  expect(stayWith(busy, [busy, idle])).toBe(busy);
  expect(stayWith(busy, [idle])).toBe(idle);
  expect(stayWith(sick, [sick, busy])).toBe(busy);
  expect(stayWith(sick, [{ ...sick }, sick])).toBe(sick);
  expect(stayWith(busy, [])).toBeUndefined();
});
