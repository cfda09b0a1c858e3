import type { Kysely } from 'kysely';
import type { GroupLimits } from './record/group-records.ts';
import type { Numbers } from './schema/numbers.ts';
import type { Tables } from './schema/tables.ts';
import type { Connection } from './sqlite/connection.ts';
import type { WriteTransaction } from './sqlite/writer.ts';

/** What every operation is given. */
export interface Session {
  /** Reads of committed data. */
  readonly db: Kysely<Tables>;
  /** The same connection, for statements by hand. */
  readonly reader: Connection;
  write<T>(work: (transaction: WriteTransaction) => Promise<T> | T): Promise<T>;
  readonly numbers: Numbers;
  readonly groupLimits: GroupLimits;
}
