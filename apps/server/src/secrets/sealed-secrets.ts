import type { Secret } from '@sallyport/model';
import type { Scope, Store } from '@sallyport/store';
import { seal, unseal } from './seal.ts';

/** Secrets of gateways, stores and the server itself; clear only on this side of the seal. */
export interface SealedSecrets {
  put(scope: Scope, ownerId: string, name: string, secret: Secret): Promise<void>;
  get(scope: Scope, ownerId: string, name: string): Promise<Secret | undefined>;
  names(scope: Scope, ownerId: string): Promise<readonly string[]>;
  remove(scope: Scope, ownerId: string, name: string): Promise<void>;
}

export function makeSealedSecrets(store: Store, key: Secret): SealedSecrets {
  const place = (scope: Scope, ownerId: string, name: string): string => `${scope}/${ownerId}/${name}`;
  return {
    put: (scope, ownerId, name, secret) =>
      store.secrets.put(scope, ownerId, name, seal(key, place(scope, ownerId, name), secret)),
    get: async (scope, ownerId, name) => {
      const sealed = await store.secrets.get(scope, ownerId, name);
      return sealed === undefined ? undefined : unseal(key, place(scope, ownerId, name), sealed);
    },
    names: async (scope, ownerId) => (await store.secrets.list(scope, ownerId)).map(({ name }) => name),
    remove: (scope, ownerId, name) => store.secrets.remove(scope, ownerId, name),
  };
}
