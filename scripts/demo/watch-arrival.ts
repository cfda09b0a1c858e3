import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, UserBody } from '@sallyport/contract';
import type { Expected, ExpectedMembership, ExpectedUser } from './expected.ts';

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
  const { timeoutMs, signal } = options;
  for (;;) {
    const arrived = await hasArrived(api, environmentId, expected, signal);
    const elapsed = performance.now() - since;
    if (arrived) return elapsed;
    if (elapsed > timeoutMs) return undefined;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function hasArrived(
  api: ApiClient,
  environmentId: string,
  expected: Expected,
  signal: AbortSignal,
): Promise<boolean> {
  if (!('username' in expected)) {
    const filter = equals('name', expected.group);
    return (
      (await api.groups.list({ environmentId, query: { filter } }, { signal }))._embedded.groups.length > 0
    );
  }
  const filter = equals('username', expected.username);
  const [user] = (await api.users.list({ environmentId, query: { filter } }, { signal }))._embedded.users;
  return 'group' in expected
    ? hasMembership(api, environmentId, user, expected, signal)
    : isAsExpected(user, expected);
}

async function hasMembership(
  api: ApiClient,
  environmentId: string,
  user: UserBody | undefined,
  { group, isMember }: ExpectedMembership,
  signal: AbortSignal,
): Promise<boolean> {
  if (user === undefined) return false;
  const query = { filter: equals('name', group) };
  const page = await api.memberships.list({ environmentId, userId: user.id, query }, { signal });
  return page._embedded.groupMemberships.some(({ type }) => type === 'DIRECT') === isMember;
}

function isAsExpected(user: UserBody | undefined, expected: ExpectedUser): boolean {
  if (expected.gone === true) return user === undefined;
  return (
    user !== undefined &&
    (expected.enabled === undefined || user.enabled === expected.enabled) &&
    (expected.familyName === undefined || user.name?.family === expected.familyName) &&
    (expected.city === undefined || user.address?.locality === expected.city)
  );
}

function equals(attribute: string, value: string): string {
  return `${attribute} eq ${JSON.stringify(value)}`;
}
