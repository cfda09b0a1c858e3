import type { Uuid } from '@sallyport/model';
import { type Placed, writeBatch } from '../object/write-batch.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { BulkUserWrite, BulkWriteResult } from '../store.ts';
import { bulkCreateUsers } from './bulk-create-users.ts';
import { bulkRemoveUsers } from './bulk-remove-users.ts';
import { bulkUpdateUsers } from './bulk-update-users.ts';

export type PlacedUserWrite<Kind extends BulkUserWrite['kind']> = Placed<
  Extract<BulkUserWrite, { kind: Kind }>
>;

/** Writes a batch of users inside the caller's transaction; see `writeBatch`. */
export function writeUsers(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  writes: readonly BulkUserWrite[],
): readonly BulkWriteResult[] {
  return writeBatch(connection, numbers, environmentId, writes, {
    remove: bulkRemoveUsers,
    update: bulkUpdateUsers,
    create: bulkCreateUsers,
  });
}
