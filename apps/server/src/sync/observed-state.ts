import { type JournalEntry, readableState, type StateTransaction, type SyncState } from '@sallyport/engine';

export interface ObservedState {
  readonly state: SyncState;
  /** Whether the run has left a record of itself. */
  isRecorded(runId: string): boolean;
}

/** The same state, which tells of the lines of the journal as soon as they are committed. */
export function observedState(
  state: SyncState,
  journaled: (entries: readonly JournalEntry[]) => void,
): ObservedState {
  const recorded = new Set<string>();
  return {
    isRecorded: (runId) => recorded.has(runId),
    state: {
      ...readableState(state),
      transaction: async <T>(work: (tx: StateTransaction) => Promise<T>): Promise<T> => {
        const lines: JournalEntry[] = [];
        const runs: string[] = [];
        const result = await state.transaction((tx) => {
          // The target writes inside the very transaction object that the store knows, so it is changed and not copied.
          const appendJournal = tx.appendJournal.bind(tx);
          const saveRun = tx.saveRun.bind(tx);
          return work(
            Object.assign(tx, {
              appendJournal: (runId: string, entries: readonly JournalEntry[]) => {
                lines.push(...entries);
                return appendJournal(runId, entries);
              },
              saveRun: (run: Parameters<StateTransaction['saveRun']>[0]) => {
                runs.push(run.runId);
                return saveRun(run);
              },
            }),
          );
        });
        for (const runId of runs) recorded.add(runId);
        if (lines.length > 0) journaled(lines);
        return result;
      },
    },
  };
}
