import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export async function removeSetting(session: Session, scope: Scope, name: string): Promise<void> {
  await session.write(({ connection }) =>
    connection.run('DELETE FROM settings WHERE scope = ? AND name = ?', [scope, name]),
  );
}
