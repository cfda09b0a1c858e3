import { readableState, type StateTransaction, type SyncState } from '@sallyport/engine';
import { CodedError, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';

/** Whoever holds it is the only one to run the rule. */
export interface LeaseTable {
  acquire(environmentId: Uuid, name: string, holder: string, ttlMs: number): Promise<boolean>;
  renew(environmentId: Uuid, name: string, holder: string, ttlMs: number): Promise<boolean>;
  release(environmentId: Uuid, name: string, holder: string): Promise<void>;
  holder(environmentId: Uuid, name: string): Promise<string | undefined>;
}

/** Short, because a crashed holder is waited for this long; a holder renews three times in it. */
export const LEASE_MS = 15_000;

export interface RuleLease {
  /** Aborts when the lease could not be kept, with a CodedError `LEASE_LOST`. */
  readonly lost: AbortSignal;
  /** A state that writes only while the lease holds. */
  fence(state: SyncState): SyncState;
  release(): Promise<void>;
}

function lostLease(name: string): CodedError {
  return new CodedError(
    'LEASE_LOST',
    `The lease ${name} could not be renewed in time; another process may run the rule now, so this one stopped writing`,
  );
}

/** Undefined if somebody else holds it. */
export async function acquireLease(
  leases: LeaseTable,
  environmentId: Uuid,
  name: string,
  holder: string,
  clock: Clock,
): Promise<RuleLease | undefined> {
  const asked = clock.monotonic();
  if (!(await leases.acquire(environmentId, name, holder, LEASE_MS))) return undefined;
  const lost = new AbortController();
  const over = new AbortController();
  // Counted from before the question, so that we stop no later than the table thinks we do.
  let validUntil = asked + LEASE_MS;
  const renewing = (async () => {
    while (!over.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(LEASE_MS / 3, over.signal);
      const at = clock.monotonic();
      try {
        if (await leases.renew(environmentId, name, holder, LEASE_MS)) validUntil = at + LEASE_MS;
        else lost.abort(lostLease(name));
      } catch (error) {
        // A database that does not answer is given until the lease runs out.
        if (clock.monotonic() >= validUntil)
          lost.abort(new CodedError('LEASE_LOST', lostLease(name).message, { cause: error }));
      }
    }
  })().catch((error: unknown) => {
    if (!over.signal.aborted) lost.abort(error);
  });
  const assertHeld = (): void => {
    lost.signal.throwIfAborted();
    if (clock.monotonic() < validUntil) return;
    lost.abort(lostLease(name));
    lost.signal.throwIfAborted();
  };
  return {
    lost: lost.signal,
    fence: (state) => ({
      ...readableState(state),
      transaction: <T>(work: (tx: StateTransaction) => Promise<T>): Promise<T> =>
        state.transaction((tx) => {
          assertHeld();
          return work(tx);
        }),
    }),
    release: async () => {
      over.abort();
      await renewing;
      // Lost or not: the table lets go only of what is ours.
      await leases.release(environmentId, name, holder);
    },
  };
}
