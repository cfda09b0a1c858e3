import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { removeInChunks } from '../list/remove-in-chunks.ts';
import type { Session } from '../session.ts';

/**
 * Marks the environment as going, empties its large tables in chunks and then removes it with the rest in one transaction. Killed
 * in between, it stays marked, and removing it again goes on from there.
 */
export async function removeEnvironment(session: Session, id: Uuid): Promise<void> {
  const number = session.numbers.readEnvironment(session.reader, id);
  if (number === undefined) throw notFound('environment', id);
  const marked = await session.write(({ connection }) =>
    connection.run("UPDATE environments SET status = 'DELETE_PENDING' WHERE id = ?", [id]),
  );
  if (marked === 0) {
    session.numbers.forgetEnvironment(id);
    throw notFound('environment', id);
  }
  const chunk = (table: string, key: string): Promise<void> =>
    removeInChunks(
      session,
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE environment_no = ? LIMIT ?)`,
      [number],
    );
  await chunk('journal', 'number');
  await chunk('links', 'link_key');
  await chunk('users', 'number');
  await chunk('groups', 'number');
  await session.write(async ({ db }) => {
    // Whatever came in meanwhile, and all that a foreign key cannot find.
    for (const table of [
      'journal',
      'links',
      'users',
      'groups',
      'held_removals',
      'removals',
      'runs',
      'full_reads',
    ] as const)
      await db.deleteFrom(table).where('environment_no', '=', number).execute();
    await db.deleteFrom('activities').where('environment_id', '=', id).execute();
    await db.deleteFrom('leases').where('environment_id', '=', id).execute();
    await db.deleteFrom('secrets').where('scope', '=', id).execute();
    await db.deleteFrom('settings').where('scope', '=', id).execute();
    await db.deleteFrom('environments').where('id', '=', id).execute();
  });
  session.numbers.forgetEnvironment(id);
}
