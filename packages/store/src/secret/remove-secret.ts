import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

/** Nothing happens if there is none: what is wanted is that it is gone. */
export async function removeSecret(
  session: Session,
  scope: Scope,
  ownerId: string,
  name: string,
): Promise<void> {
  await session.write(({ connection }) =>
    connection.run('DELETE FROM secrets WHERE scope = ? AND owner_id = ? AND name = ?', [
      scope,
      ownerId,
      name,
    ]),
  );
}
