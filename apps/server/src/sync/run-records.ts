import type { RunProgress, SyncState } from '@sallyport/engine';
import { CodedError, type RunType, zeroCounts } from '@sallyport/model';

/** A run that could not even open its ends: without a record nobody would learn why nothing happens. */
export function unopenedRun(
  run: { readonly runId: string; readonly type: 'full' | 'delta'; readonly reason: string },
  startedAt: number,
  endedAt: number,
  error: unknown,
): RunProgress {
  return {
    runId: run.runId,
    type: run.type,
    status: 'failed',
    reason: run.reason,
    startedAt,
    endedAt,
    read: 0,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: error instanceof CodedError ? error.code : 'UNEXPECTED_ERROR',
    errorMessage: messageOf(error),
  };
}

/** A run that is asked for and has not begun to record itself. */
export function pendingRun(
  run: { readonly runId: string; readonly type: RunType; readonly reason: string },
  askedAt: number,
): RunProgress {
  return {
    runId: run.runId,
    type: run.type,
    status: 'running',
    reason: run.reason,
    startedAt: askedAt,
    endedAt: undefined,
    read: 0,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: undefined,
    errorMessage: undefined,
  };
}

/**
 * Marks the runs that an earlier process left in the middle, and answers why a full run has to be gone on with, if one
 * has. `runs`: newest first.
 */
export async function recoverRuns(
  state: SyncState,
  runs: readonly RunProgress[],
  now: number,
): Promise<string | undefined> {
  const broken = runs.filter((run) => run.status === 'running');
  if (broken.length > 0)
    await state.transaction(async (tx) => {
      for (const run of broken)
        await tx.saveRun({
          ...run,
          status: 'interrupted',
          endedAt: now,
          errorMessage: 'the process ended in the middle of the run; the next one goes on from there',
        });
    });
  // One that failed since, because the directory was away, has not done its work.
  const newest = runs.find((run) => run.type === 'full' && run.status !== 'failed');
  if (newest?.status !== 'running' && newest?.status !== 'interrupted') return undefined;
  return `goes on with run ${newest.runId}, which was interrupted (${newest.reason})`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
