import {
  CONTROL_OID,
  findControl,
  makeEntryChangeControl,
  parsePersistentSearchControl,
} from '@sallyport/ldap';
import type { DirectoryManner } from '../core/directory-manner.ts';
import type { DirectoryChange } from '../core/entry-store.ts';
import { findEntries, makeMatcher } from '../core/find-entries.ts';
import { runUntilAborted } from '../core/run-until-aborted.ts';
import type { SearchJob } from '../core/search-job.ts';
import type { PdServer } from './pd-server.ts';

/** Persistent search (draft-ietf-ldapext-psearch): what matches now unless unwanted, then every change, whole entries. */
export async function answerPersistentSearch(
  server: PdServer,
  manner: DirectoryManner,
  job: SearchJob,
): Promise<void> {
  const control = findControl(job.controls, CONTROL_OID.persistentSearch);
  if (control === undefined) return;
  const wanted = parsePersistentSearchControl(control);
  const { request, controls, caller } = job;
  const base = manner.locate(caller, request.base, controls);
  const selection = { attributes: request.attributes, typesOnly: request.typesOnly, controls };
  const matches = makeMatcher(manner, manner.rewrite(request.filter));
  // A soft-deleted entry is seen to go, and no more of it.
  const isAnswer = ({ entry, kind }: DirectoryChange) =>
    manner.isInScope(entry, base, request.scope, controls) &&
    (manner.isVisible(caller, entry, controls) || (kind === 'delete' && caller.rights.read)) &&
    matches(entry);
  const changeControl = ({ kind, previousDn }: DirectoryChange) =>
    makeEntryChangeControl({
      changeType: kind,
      ...(kind === 'modifyDn' && previousDn !== undefined ? { previousDn } : {}),
      ...(server.changelog.isEnabled ? { changeNumber: server.changelog.lastNumber } : {}),
    });
  await runUntilAborted(job.exchange.signal, (queue) => {
    if (!wanted.changesOnly) {
      const present = [...findEntries(manner, caller, base, request, controls)];
      for (const entry of present) {
        if (entry === undefined) continue;
        const attributes = manner.read(entry, selection);
        const { dn } = entry;
        queue(() => job.sendEntry(dn, attributes));
      }
    }
    return server.store.onChange((change) => {
      const { entry, kind, previousDn } = change;
      if (!wanted.changeTypes.includes(kind) || !isAnswer(change)) return;
      // As it is at this moment: the next change may come before this one is sent.
      const attributes = manner.read(entry, selection);
      const dn = kind === 'delete' ? (previousDn ?? entry.dn) : entry.dn;
      const entryControls = wanted.returnEntryChanges ? [changeControl(change)] : [];
      queue(() => job.sendEntry(dn, attributes, entryControls));
    });
  });
}
