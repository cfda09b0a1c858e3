import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export async function putSecret(
  session: Session,
  scope: Scope,
  ownerId: string,
  name: string,
  sealed: Uint8Array,
): Promise<void> {
  await session.write(({ connection }) =>
    connection.run(
      `INSERT INTO secrets (scope, owner_id, name, sealed, updated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (scope, owner_id, name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
      [scope, ownerId, name, sealed, Date.now()],
    ),
  );
}
