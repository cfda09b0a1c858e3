import { type Dn, EntryBatch, type Filter, makeSyncRequestControl, parseSyncInfo } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';

/**
 * Push by `refreshAndPersist` (RFC 4533 §3.4). The search starts from the newest cookie; what the refresh brings is not
 * looked at, because the poll that follows each hint reads the changes itself. The end of the refresh is a hint too: what
 * changed between the last poll and this cookie is told by nobody else.
 */
export async function* syncHints(
  context: DirectoryContext,
  base: Dn,
  filter: Filter,
  currentCookie: (signal: AbortSignal) => Promise<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const stream = context.link.watch(
    {
      base: base.toString(),
      scope: 'sub',
      filter,
      attributes: ['1.1'],
      pageSize: 0,
      controls: [makeSyncRequestControl({ mode: 'refreshAndPersist', cookie: await currentCookie(signal) })],
    },
    { signal },
  );
  let refreshing = true;
  for await (const bytes of stream) {
    let changed = false;
    for (const item of new EntryBatch(bytes).items()) {
      if (item.kind === 'entry') changed = true;
      else if (item.kind === 'intermediate' && item.value !== undefined) {
        const info = parseSyncInfo(item.value);
        if (info.kind === 'refreshDelete' || info.kind === 'refreshPresent') {
          changed ||= refreshing && info.refreshDone;
          refreshing &&= !info.refreshDone;
        } else if (!refreshing) changed = true;
      }
    }
    if (changed) yield;
  }
}
