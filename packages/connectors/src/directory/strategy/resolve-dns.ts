import { LdapError, present, RESULT_CODE } from '@sallyport/ldap';
import { type DirectoryContext, keyOf } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';

/** Searches under way at once. */
const CONCURRENCY = 8;

/** The keys of what is at these DNs now; what is not there, or not to be seen, is missing from the answer. */
export async function resolveDns(
  context: DirectoryContext,
  dns: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  const waiting = dns.values();
  const work = async (): Promise<void> => {
    for (const dn of waiting) {
      const key = await resolveDn(context, dn, signal);
      if (key !== undefined) keys.set(dn, key);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return keys;
}

async function resolveDn(
  context: DirectoryContext,
  dn: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const request = {
    base: dn,
    scope: 'base' as const,
    filter: present('objectClass'),
    attributes: [context.dialect.keyAttribute],
    pageSize: 0,
  };
  try {
    const { entries } = await readEntries(context.link, request, signal);
    const key = entries[0] === undefined ? '' : keyOf(context.dialect, entries[0]);
    return key === '' ? undefined : key;
  } catch (error) {
    if (error instanceof LdapError && error.resultCode === RESULT_CODE.noSuchObject) return undefined;
    throw error;
  }
}
