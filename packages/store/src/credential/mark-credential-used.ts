import type { Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import type { Session } from '../session.ts';

export async function markCredentialUsed(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  at: number,
): Promise<void> {
  const changed = await session.write(({ connection }) =>
    connection.run('UPDATE gateway_credentials SET last_used_at = ? WHERE environment_id = ? AND id = ?', [
      at,
      environmentId,
      id,
    ]),
  );
  if (changed === 0) throw notFound('credential', id);
}
