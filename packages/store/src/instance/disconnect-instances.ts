import type { Session } from '../session.ts';

export async function disconnectInstances(session: Session): Promise<void> {
  await session.write(({ connection }) =>
    connection.run('UPDATE gateway_instances SET connected = 0 WHERE connected = 1', []),
  );
}
