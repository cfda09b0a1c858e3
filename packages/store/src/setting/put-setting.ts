import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export async function putSetting(session: Session, scope: Scope, name: string, value: string): Promise<void> {
  await session.write(({ connection }) =>
    connection.run(
      `INSERT INTO settings (scope, name, value, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
      [scope, name, value, Date.now()],
    ),
  );
}
