import type { LinkWrite, StateTransaction } from '../sync-state.ts';
import type { Data } from './fake-data.ts';

/** The writing half of the state over a draft. `point` is awaited before each step. */
export function makeFakeTransaction(draft: Data, point: (step: string) => Promise<void>): StateTransaction {
  const write = async <T>(step: string, change: () => T): Promise<T> => {
    await point(step);
    return change();
  };
  return {
    saveLinks: (links) => write('saveLinks', () => links.map((link) => saveLink(draft, link))),
    removeLinks: (numbers) =>
      write('removeLinks', () => {
        const gone = new Set(numbers);
        for (const number of numbers) {
          draft.links.delete(number);
          draft.references.delete(number);
        }
        for (const [key, { groupLink }] of draft.pending) if (gone.has(groupLink)) draft.pending.delete(key);
        const { runId, members } = draft.heldMembers;
        draft.heldMembers = { runId, members: members.filter((one) => !gone.has(one.groupLink)) };
      }),
    addPending: (pending) =>
      write('addPending', () => {
        for (const one of pending) {
          const key = JSON.stringify([one.groupLink, one.reference]);
          if (!draft.links.has(one.groupLink)) throw new Error(`no link ${one.groupLink}`);
          if (!draft.pending.has(key)) draft.pending.set(key, { ...one, number: draft.nextPending++ });
        }
      }),
    removePending: (pending) =>
      write('removePending', () => {
        for (const { groupLink, reference } of pending)
          draft.pending.delete(JSON.stringify([groupLink, reference]));
      }),
    clearPending: (groupLinks) =>
      write('clearPending', () => {
        const gone = new Set(groupLinks);
        for (const [key, { groupLink }] of draft.pending) if (gone.has(groupLink)) draft.pending.delete(key);
      }),
    saveHeldMembers: (runId, groupLinks, members) =>
      write('saveHeldMembers', () => {
        const replaced = new Set(groupLinks);
        const others = draft.heldMembers.members.filter((one) => !replaced.has(one.groupLink));
        draft.heldMembers = { runId, members: [...others, ...members] };
      }),
    appendJournal: (runId, entries) =>
      write('appendJournal', () => {
        for (const entry of entries) draft.journal.push({ ...entry, runId });
      }),
    savePosition: (position) =>
      write('savePosition', () => {
        draft.position = position;
      }),
    saveRun: (progress) =>
      write('saveRun', () => {
        draft.runs.set(progress.runId, progress);
      }),
    saveLastFullRead: (type, read, digest) =>
      write('saveLastFullRead', () => {
        draft.lastFullRead.set(type, read);
        draft.digest = digest;
      }),
    saveHeld: (runId, type, removals) =>
      write('saveHeld', () => {
        const before = draft.held.get(type)?.listedBy ?? [];
        const listedBy = before.includes(runId) ? before : [...before, runId];
        if (removals.length === 0) draft.held.delete(type);
        else draft.held.set(type, { runId, listedBy, removals });
      }),
    clearHeld: (type) =>
      write('clearHeld', () => {
        draft.held.delete(type);
      }),
    recordRemovals: (objectType, at, count) =>
      write('recordRemovals', () => {
        draft.removals.push({ objectType, at, count });
      }),
    recordMemberRemovals: (at, removals) =>
      write('recordMemberRemovals', () => {
        for (const one of removals) draft.memberRemovals.push({ ...one, at });
      }),
  };
}

function saveLink(draft: Data, write: LinkWrite): number {
  const number = write.number ?? draft.nextLink++;
  for (const link of draft.links.values())
    if (link.number !== number && link.sourceKey === write.sourceKey && link.objectType === write.objectType)
      throw new Error(`link ${link.number} already has the key ${write.sourceKey}`);
  const { reference, otherReferences, ...link } = write;
  draft.links.set(number, { ...link, number });
  const before = draft.references.get(number);
  draft.references.set(number, {
    reference: reference ?? before?.reference,
    others: otherReferences ?? before?.others ?? [],
  });
  return number;
}
