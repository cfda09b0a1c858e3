import type { Uuid } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import { acquireLease, LEASE_MS, type LeaseTable, type RuleLease } from './rule-lease.ts';
import { messageOf } from './run-records.ts';

interface Waiting {
  /** Wait as well while the table does not answer, because a run that was promised must not be forgotten; else throw. */
  readonly patient: boolean;
  readonly stop: AbortSignal;
  readonly log: Log;
  /** Waits, and shows for what; may come back early. */
  readonly rest: (ms: number, waitsFor: string) => Promise<void>;
}

/** Waits for a lease as long as it takes; undefined if told to stop meanwhile. */
export async function waitForLease(
  leases: LeaseTable,
  environmentId: Uuid,
  name: string,
  holder: string,
  clock: Clock,
  { patient, stop, log, rest }: Waiting,
): Promise<RuleLease | undefined> {
  while (!stop.aborted) {
    let waitsFor: string;
    try {
      const lease = await acquireLease(leases, environmentId, name, holder, clock);
      if (lease !== undefined) return lease;
      waitsFor = `process ${(await leases.holder(environmentId, name)) ?? 'unknown'}, which runs the rule`;
    } catch (error) {
      if (!patient) throw error;
      waitsFor = `the table of leases: ${messageOf(error)}`;
      log.warn({ err: error }, 'the lease of a rule could not be asked for');
    }
    await rest(LEASE_MS / 3, waitsFor);
  }
  return undefined;
}
