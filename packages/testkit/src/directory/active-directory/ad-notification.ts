import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { DirectoryManner } from '../core/directory-manner.ts';
import { runUntilAborted } from '../core/run-until-aborted.ts';
import type { SearchJob } from '../core/search-job.ts';
import type { AdDomain } from './ad-domain.ts';
import { shownDn } from './ad-read.ts';
import { adRefusals } from './ad-refusals.ts';

/**
 * A search that stays open and tells of changes ([MS-ADTS] 3.1.1.3.4.1.9). Whole objects, no cursor; deletions only with
 * the show-deleted control, under the name in Deleted Objects.
 */
export async function answerNotification(
  domain: AdDomain,
  manner: DirectoryManner,
  job: SearchJob,
): Promise<void> {
  const { request, controls, caller, connection } = job;
  manner.assertMaySearch(caller);
  const base = manner.locate(caller, request.base, controls);
  if (request.filter.kind !== 'present' || request.filter.attribute.toLowerCase() !== 'objectclass')
    adRefusals.notSearchable();
  if (request.scope === 'sub' && base.contextDn === undefined) adRefusals.notSearchable();
  if (connection.openNotifications >= domain.options.maxNotifications) adRefusals.tooManyNotifications();
  connection.openNotifications += 1;
  const selection = { attributes: request.attributes, typesOnly: request.typesOnly, controls };
  const wasInScope = (entry: DirectoryEntry, previousDn: string | undefined) =>
    manner.isInScope(entry, base, request.scope, controls) ||
    // what was deleted has left for Deleted Objects; it is reported where it was
    (domain.isTombstone(entry) &&
      previousDn !== undefined &&
      isNameWithin(domain, previousDn, base, request.scope));
  try {
    await runUntilAborted(job.exchange.signal, (send) =>
      domain.store.onChange(({ entry, previousDn }) => {
        if (!manner.isVisible(caller, entry, controls) || !wasInScope(entry, previousDn)) return;
        const dn = shownDn(entry, controls);
        const attributes = manner.read(entry, selection);
        send(() => job.sendEntry(dn, attributes));
      }),
    );
  } finally {
    connection.openNotifications -= 1;
  }
}

function isNameWithin(
  domain: AdDomain,
  name: string,
  base: DirectoryEntry,
  scope: 'base' | 'one' | 'sub',
): boolean {
  const dn = domain.parseName(name);
  const baseDn = domain.parseName(base.dn);
  if (scope === 'base') return dn.equals(baseDn);
  if (scope === 'sub') return dn.isWithin(baseDn);
  return dn.parent?.equals(baseDn) === true;
}
