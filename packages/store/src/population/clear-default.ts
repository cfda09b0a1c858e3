import type { Kysely } from 'kysely';
import type { Tables } from '../schema/tables.ts';

/** Exactly one population is the default: before another takes the mark, the one that has it gives it up. */
export async function clearDefault(db: Kysely<Tables>, environmentNo: number): Promise<void> {
  await db
    .updateTable('populations')
    .set({ is_default: 0 })
    .where('environment_no', '=', environmentNo)
    .where('is_default', '=', 1)
    .execute();
}
