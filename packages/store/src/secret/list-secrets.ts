import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export interface SealedSecret {
  readonly name: string;
  readonly sealed: Uint8Array;
  readonly updatedAt: number;
}

/** One owner has a handful. */
export async function listSecrets(
  session: Session,
  scope: Scope,
  ownerId: string,
): Promise<readonly SealedSecret[]> {
  const rows = await session.db
    .selectFrom('secrets')
    .select(['name', 'sealed', 'updated_at'])
    .where('scope', '=', scope)
    .where('owner_id', '=', ownerId)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ name: row.name, sealed: row.sealed, updatedAt: row.updated_at }));
}
