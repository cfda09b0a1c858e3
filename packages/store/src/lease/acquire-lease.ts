import type { Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';

/** One statement, so that two who ask at once cannot both be told yes. */
export async function acquireLease(
  session: Session,
  environmentId: Uuid,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<boolean> {
  const now = Date.now();
  const changed = await session.write(({ connection }) =>
    connection.run(
      `INSERT INTO leases (environment_id, name, holder, expires_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (environment_id, name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
       WHERE leases.holder = excluded.holder OR leases.expires_at <= ?`,
      [environmentId, name, holder, now + ttlMs, now],
    ),
  );
  return changed === 1;
}
