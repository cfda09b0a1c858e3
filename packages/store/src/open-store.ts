import { CodedError } from '@sallyport/model';
import type { Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:PATH`. */
  readonly url: string;
  /** Told of what an operator should know: a migration that ran, a checkpoint that failed. */
  readonly log?: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Opens (and creates, and migrates) the database. One process at a time may hold an SQLite file. */
export async function openStore(options: StoreOptions): Promise<Store> {
  throw new CodedError('STORE_URL_UNKNOWN', `Expected sqlite:PATH, found ${JSON.stringify(options.url)}`);
}
