import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Uuid } from '@sallyport/model';
import { openStore, type StoreOptions } from '../open-store.ts';
import type { Store } from '../store.ts';

/** A store in a folder of its own, gone after the test. */
export interface TemporaryStore extends AsyncDisposable {
  readonly path: string;
  readonly store: Store;
  readonly environmentId: Uuid;
}

export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-store-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export async function temporaryStore(options: Omit<StoreOptions, 'url'> = {}): Promise<TemporaryStore> {
  const folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const store = await openStore({ ...options, url: `sqlite:${path}` });
  const environment = await store.environments.create({ name: 'Corp', type: 'SANDBOX', region: 'EU' });
  return {
    path,
    store,
    environmentId: environment.id,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}
