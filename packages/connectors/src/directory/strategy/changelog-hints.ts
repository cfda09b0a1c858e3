import { makePersistentSearchControl, present } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';

/**
 * Push by persistent search (draft-ietf-ldapext-psearch): an open search that answers each change of the naming context.
 * It has no memory, so it only shortens the wait for the next look at the changelog.
 */
export async function* changelogHints(context: DirectoryContext, signal: AbortSignal): AsyncGenerator<void> {
  const stream = context.link.watch(
    {
      base: context.namingContext.toString(),
      scope: 'sub',
      filter: present('objectClass'),
      attributes: ['1.1'],
      pageSize: 0,
      controls: [
        makePersistentSearchControl({
          changeTypes: ['add', 'delete', 'modify', 'modifyDn'],
          changesOnly: true,
          returnEntryChanges: false,
        }),
      ],
    },
    { signal },
  );
  for await (const _ of stream) yield;
}
