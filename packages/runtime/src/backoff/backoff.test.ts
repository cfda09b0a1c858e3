import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('waits between half of the ceiling and the ceiling, which doubles up to its maximum', () => {
  const settings = { firstMs: 100, maxMs: 1_000 };
  expect([1, 2, 3, 4, 5, 6].map((n) => backoffMs(settings, n, 0))).toEqual([50, 100, 200, 400, 500, 500]);
  expect([1, 2, 3, 4, 5, 6].map((n) => backoffMs(settings, n, 0.9999999))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ]);
});

it('is a time for any number of failures', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const wait = backoffMs({ firstMs: 250, maxMs: 30_000 }, failures, random);
      expect(wait).toBeGreaterThanOrEqual(125);
      expect(wait).toBeLessThanOrEqual(30_000);
    }),
  );
});
