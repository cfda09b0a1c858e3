import type { GatewayInstance } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { writeInstance } from './instance-row.ts';

/** Makes or replaces: an instance chooses its own id and comes back under it. */
export async function saveInstance(session: Session, instance: GatewayInstance): Promise<void> {
  const row = writeInstance(instance);
  await session.write(({ db }) =>
    db
      .insertInto('gateway_instances')
      .values(row)
      .onConflict((conflict) => conflict.columns(['environment_id', 'gateway_id', 'id']).doUpdateSet(row))
      .execute(),
  );
}
