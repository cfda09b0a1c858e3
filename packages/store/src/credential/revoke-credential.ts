import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

/** Kept as revoked, so that an instance that presents it is told so and not that it is unknown. */
export async function revokeCredential(session: Session, environmentId: Uuid, id: Uuid): Promise<void> {
  const changed = await session.write(({ connection }) =>
    connection.run(
      'UPDATE gateway_credentials SET revoked_at = ? WHERE environment_id = ? AND id = ? AND revoked_at IS NULL',
      [Date.now(), environmentId, id],
    ),
  );
  if (changed === 0) throw notFound('credential', id);
}
