import { chunksOf, type DirectoryContext, KEYS_PER_SEARCH, keysFilter } from '../directory-context.ts';
import { readEntries } from '../read-entries.ts';

/** Containers that left the base, wherever in the naming context they are now; the deleted ones are missing from the answer. */
export async function readContainersByKey(
  context: DirectoryContext,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<readonly { readonly key: string; readonly dn: string }[]> {
  const found: { key: string; dn: string }[] = [];
  for (const chunk of chunksOf(keys, KEYS_PER_SEARCH)) {
    const { entries } = await readEntries(
      context.link,
      {
        base: context.namingContext.toString(),
        scope: 'sub',
        filter: keysFilter(context.dialect, chunk),
        attributes: [context.dialect.keyAttribute],
      },
      signal,
    );
    for (const entry of entries) {
      const bytes = entry.bytes(context.dialect.keyAttribute);
      if (bytes !== undefined) found.push({ key: context.dialect.keyText(bytes), dn: entry.dn });
    }
  }
  return found;
}
