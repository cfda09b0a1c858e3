import { makePersistentSearchControl, present, type SearchRequest } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { withFirstLooks } from './first-looks.ts';

/**
 * Push by persistent search (draft-ietf-ldapext-psearch): an open search that answers each change of the naming context.
 * It has no memory, so it only shortens the wait for the next look at the changelog. OpenDJ gives a change its number some
 * hundred milliseconds after it was made, so there the log itself is watched: the look finds what the hint was about.
 */
export function changelogHints(context: DirectoryContext, signal: AbortSignal): AsyncGenerator<void> {
  const watchesLog = context.dialect.name === 'openDj';
  const request: SearchRequest = {
    base: watchesLog ? 'cn=changelog' : context.namingContext.toString(),
    scope: 'sub',
    filter: present('objectClass'),
    attributes: ['1.1'],
    pageSize: 0,
    controls: [
      makePersistentSearchControl({
        changeTypes: watchesLog ? ['add'] : ['add', 'delete', 'modify', 'modifyDn'],
        changesOnly: true,
        returnEntryChanges: false,
      }),
    ],
  };
  return withFirstLooks((ends) => context.link.watch(request, { signal: ends }), signal);
}
