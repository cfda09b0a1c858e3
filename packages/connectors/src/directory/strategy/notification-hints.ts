import { makeFlagControl, present, type SearchRequest } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';
import { withFirstLooks } from './first-looks.ts';

/**
 * Active Directory's change notification (MS-ADTS 3.1.1.3.4.1.9): an open search that answers each change of the naming
 * context. The only filter it takes is `(objectClass=*)`. It has no memory, so it only shortens the wait for the next poll.
 */
export function notificationHints(context: DirectoryContext, signal: AbortSignal): AsyncGenerator<void> {
  const request: SearchRequest = {
    base: context.namingContext.toString(),
    scope: 'sub',
    filter: present('objectClass'),
    attributes: ['objectGUID'],
    pageSize: 0,
    controls: [makeFlagControl('changeNotification'), makeFlagControl('showDeleted')],
  };
  return withFirstLooks((ends) => context.link.watch(request, { signal: ends }), signal);
}
