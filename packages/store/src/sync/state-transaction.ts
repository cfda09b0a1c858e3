import type { Uuid } from '@sallyport/model';
import type { StateTransaction } from '../record/sync-records.ts';
import type { Connection } from '../sqlite/connection.ts';
import { appendJournal } from './append-journal.ts';
import { saveHeldMembers } from './held-members.ts';
import { clearHeld, saveHeld } from './held-removals.ts';
import { recordMemberRemovals } from './member-removals.ts';
import { connectionOf } from './open-transactions.ts';
import { addPending, clearPending, removePending } from './pending-members.ts';
import { recordRemovals } from './removals.ts';
import type { RulePlace } from './rule-place.ts';
import { saveLastFullRead, savePosition } from './rule-sync.ts';
import { removeLinks, saveLinks } from './save-links.ts';
import { runNumber, saveRun } from './save-run.ts';

/** The writing half of a rule's sync state. Every call asks whether the transaction is still open. */
export function makeStateTransaction(place: RulePlace, revisionId: Uuid | undefined): StateTransaction {
  const runNumbers = new Map<string, number>();
  const numberOf = (connection: Connection, runId: string): number => {
    const known = runNumbers.get(runId);
    if (known !== undefined) return known;
    const number = runNumber(connection, place, revisionId, runId);
    runNumbers.set(runId, number);
    return number;
  };
  const transaction: StateTransaction = {
    saveLinks: async (links) => saveLinks(connectionOf(transaction), place, links),
    removeLinks: async (numbers) => removeLinks(connectionOf(transaction), place, numbers),
    appendJournal: async (runId, entries) => {
      const connection = connectionOf(transaction);
      if (entries.length > 0) appendJournal(connection, place, numberOf(connection, runId), entries);
    },
    savePosition: async (position) => savePosition(connectionOf(transaction), place, position),
    saveRun: async (progress) => saveRun(connectionOf(transaction), place, revisionId, progress),
    saveLastFullRead: async (objectType, read, digest) =>
      saveLastFullRead(connectionOf(transaction), place, objectType, read, digest),
    saveHeld: async (runId, objectType, removals) =>
      saveHeld(connectionOf(transaction), place, runId, objectType, removals),
    clearHeld: async (objectType) => clearHeld(connectionOf(transaction), place, objectType),
    addPending: async (pending) => addPending(connectionOf(transaction), place, pending),
    removePending: async (pending) => removePending(connectionOf(transaction), place, pending),
    clearPending: async (groupLinks) => clearPending(connectionOf(transaction), place, groupLinks),
    saveHeldMembers: async (runId, groupLinks, members) =>
      saveHeldMembers(connectionOf(transaction), place, runId, groupLinks, members),
    recordRemovals: async (objectType, at, count) =>
      recordRemovals(connectionOf(transaction), place, objectType, at, count),
    recordMemberRemovals: async (at, removals) =>
      recordMemberRemovals(connectionOf(transaction), place, at, removals),
  };
  return transaction;
}
