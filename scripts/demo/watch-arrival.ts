import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, UserBody } from '@sallyport/contract';
import type { Expected } from './staff.ts';

const LOOK_EVERY_MS = 20;

/**
 * Looks into the identity store, as any client of the API would, until a change is there. Answers the milliseconds since
 * `since`; undefined if it did not come within `timeoutMs`.
 */
export async function watchArrival(
  api: ApiClient,
  environmentId: string,
  expected: Expected,
  since: number,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const filter = `username eq ${JSON.stringify(expected.username)}`;
  for (;;) {
    const page = await api.users.list({ environmentId, query: { filter } }, { signal: options.signal });
    const elapsed = performance.now() - since;
    if (hasArrived(page._embedded.users[0], expected)) return elapsed;
    if (elapsed > options.timeoutMs) return undefined;
    await delay(LOOK_EVERY_MS, undefined, { signal: options.signal });
  }
}

function hasArrived(user: UserBody | undefined, expected: Expected): boolean {
  if (expected.gone === true) return user === undefined;
  return (
    user !== undefined &&
    (expected.enabled === undefined || user.enabled === expected.enabled) &&
    (expected.familyName === undefined || user.name?.family === expected.familyName) &&
    (expected.city === undefined || user.address?.locality === expected.city)
  );
}
