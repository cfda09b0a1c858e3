import { vi } from 'vitest';

/** Waits until the expectation holds; long enough for a busy machine. */
export function until(expectation: () => unknown): Promise<unknown> {
  return vi.waitFor(expectation, { timeout: 15_000, interval: 15 });
}
