import { readDirectorySchema, readRootDse } from '@sallyport/connectors';
import {
  type DirectoryLink,
  EntryBatch,
  type LazyEntry,
  LdapError,
  type Schema,
  type SearchRequest,
} from '@sallyport/ldap';
import type { Clock } from '@sallyport/runtime';

/** Reads the directories behind gateways, for pickers and for checks at the door. */
export interface DirectoryAccess {
  /** `stay`: for whoever compares what was read now with what was read before. */
  link(gatewayId: string, options?: { readonly stay?: boolean }): DirectoryLink;
  schema(gatewayId: string, signal: AbortSignal): Promise<Schema>;
  /** The schema if the directory can be reached within a moment; undefined otherwise. */
  schemaIfReachable(gatewayId: string, signal: AbortSignal): Promise<Schema | undefined>;
  /** Forgets what was read: the gateway now points elsewhere. */
  forget(gatewayId: string): void;
}

/** A schema rarely changes, and editing ten mappings should read it once. */
const KEEP_MS = 300_000;
const MOMENT_MS = 5_000;

export function makeDirectoryAccess(link: DirectoryAccess['link'], clock: Clock): DirectoryAccess {
  const kept = new Map<string, { readonly schema: Schema; readonly until: number }>();
  const schema = async (gatewayId: string, signal: AbortSignal): Promise<Schema> => {
    const known = kept.get(gatewayId);
    if (known !== undefined && known.until > clock.now()) return known.schema;
    const directory = link(gatewayId);
    const read = await readDirectorySchema(directory, await readRootDse(directory, signal), signal);
    kept.set(gatewayId, { schema: read, until: clock.now() + KEEP_MS });
    return read;
  };
  return {
    link,
    schema,
    schemaIfReachable: async (gatewayId, signal) => {
      try {
        return await schema(gatewayId, AbortSignal.any([signal, AbortSignal.timeout(MOMENT_MS)]));
      } catch (error) {
        // Saving a mapping must not depend on a directory being up; the run will say what it finds then.
        if (error instanceof LdapError || (error instanceof DOMException && error.name === 'TimeoutError'))
          return undefined;
        throw error;
      }
    },
    forget: (gatewayId) => void kept.delete(gatewayId),
  };
}

/** The first entries of a search, and whether there were more. */
export async function searchSome(
  link: DirectoryLink,
  request: Omit<SearchRequest, 'pageSize' | 'sizeLimit'>,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly LazyEntry[]; readonly truncated: boolean }> {
  const entries: LazyEntry[] = [];
  const stream = link.search({ ...request, pageSize: limit + 1, timeLimitSeconds: 10 }, { signal });
  try {
    for await (const bytes of stream) {
      for (const entry of new EntryBatch(bytes).entries()) entries.push(entry);
      if (entries.length > limit) break;
    }
  } catch (error) {
    // The server's own limits: what came before them is an answer too.
    const isLimit = error instanceof LdapError && [3, 4, 11].includes(error.resultCode ?? 0);
    if (!isLimit || entries.length === 0) throw error;
    return { entries: entries.slice(0, limit), truncated: true };
  }
  return { entries: entries.slice(0, limit), truncated: entries.length > limit };
}
