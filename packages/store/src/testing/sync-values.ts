import { zeroCounts } from '@sallyport/model';
import type { JournalEntry, LinkWrite, RunProgress } from '../record/sync-records.ts';

export function linkWrite(sourceKey: string, change: Partial<LinkWrite> = {}): LinkWrite {
  return {
    number: undefined,
    objectType: 'user',
    sourceKey,
    place: `CN=${sourceKey},DC=corp`,
    targetId: `target-${sourceKey}`,
    presence: 'inScope',
    status: 'SUCCESS',
    outcome: 'created',
    reason: '',
    errorCode: undefined,
    fingerprint: `print-${sourceKey}`,
    targetVersion: 7,
    disabledByRule: false,
    createdByRule: false,
    reference: undefined,
    deleteAfter: undefined,
    lastSyncAt: 1000,
    ...change,
  };
}

export function journalEntry(sourceKey: string, change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    at: 1000,
    objectType: 'user',
    sourceKey,
    place: `CN=${sourceKey},DC=corp`,
    targetId: `target-${sourceKey}`,
    label: sourceKey,
    outcome: 'created',
    reason: '',
    errorCode: undefined,
    changes: [{ attribute: 'username', before: [], after: [sourceKey] }],
    ...change,
  };
}

export function runProgress(runId: string, change: Partial<RunProgress> = {}): RunProgress {
  return {
    runId,
    type: 'full',
    status: 'running',
    reason: 'first run',
    startedAt: 500,
    endedAt: undefined,
    read: 0,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: undefined,
    errorMessage: undefined,
    ...change,
  };
}
