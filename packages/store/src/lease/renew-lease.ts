import type { Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';

/** An expired lease that nobody took meanwhile is still the holder's. */
export async function renewLease(
  session: Session,
  environmentId: Uuid,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<boolean> {
  const changed = await session.write(({ connection }) =>
    connection.run('UPDATE leases SET expires_at = ? WHERE environment_id = ? AND name = ? AND holder = ?', [
      Date.now() + ttlMs,
      environmentId,
      name,
      holder,
    ]),
  );
  return changed === 1;
}
