import type { ClientCredentials } from '@sallyport/contract';
import * as z from 'zod';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const KEY = 'sallyport.session';

const kept = z.object({ environmentId: z.string(), clientId: z.string(), clientSecret: z.string() });

export interface CredentialFaults {
  readonly environmentId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** What is wrong with what was typed, each field once; empty if nothing is. Ids may have spaces around: people paste them. */
export function credentialFaults(typed: ClientCredentials): CredentialFaults {
  return {
    ...idFault('environmentId', 'environment id', typed.environmentId),
    ...idFault('clientId', 'client id', typed.clientId),
    ...(typed.clientSecret === '' ? { clientSecret: 'Enter the client secret' } : {}),
  };
}

export function tidyCredentials(typed: ClientCredentials): ClientCredentials {
  return {
    environmentId: typed.environmentId.trim().toLowerCase(),
    clientId: typed.clientId.trim().toLowerCase(),
    clientSecret: typed.clientSecret,
  };
}

function idFault<N extends string>(name: N, label: string, value: string): { readonly [K in N]?: string } {
  const text = value.trim();
  if (UUID.test(text)) return {};
  const message =
    text === '' ? `Enter the ${label}` : `Expected a UUID such as 6f1ed002-ab5f-4d1c-9d51-4b5a9a1f0e4a`;
  // A computed key widens to `string`; the record type says which one it is.
  return { [name]: message } as { readonly [K in N]?: string };
}

/** The tab's session storage: it ends with the tab and no other tab or server sees it. */
type Keeper = Pick<Storage, 'getItem' | 'setItem'>;

export function readCredentials(keeper: Keeper): ClientCredentials | undefined {
  const text = keeper.getItem(KEY);
  if (text === null) return undefined;
  const parsed = kept.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

export function keepCredentials(keeper: Keeper, credentials: ClientCredentials): void {
  keeper.setItem(KEY, JSON.stringify(credentials));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else wrote there: the same as nothing.
    return undefined;
  }
}
