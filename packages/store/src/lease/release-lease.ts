import type { Uuid } from '@sallyport/model';
import type { Session } from '../session.ts';

/** Nothing happens if it was lost already. */
export async function releaseLease(
  session: Session,
  environmentId: Uuid,
  name: string,
  holder: string,
): Promise<void> {
  await session.write(({ connection }) =>
    connection.run('DELETE FROM leases WHERE environment_id = ? AND name = ? AND holder = ?', [
      environmentId,
      name,
      holder,
    ]),
  );
}
