import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export async function getSecret(
  session: Session,
  scope: Scope,
  ownerId: string,
  name: string,
): Promise<Uint8Array | undefined> {
  const row = await session.db
    .selectFrom('secrets')
    .select('sealed')
    .where('scope', '=', scope)
    .where('owner_id', '=', ownerId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.sealed;
}
