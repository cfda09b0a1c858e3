import { readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export function listSettings(session: Session, scope: Scope): ReadonlyMap<string, string> {
  const rows = session.reader.rows('SELECT name, value FROM settings WHERE scope = ? ORDER BY name', [scope]);
  return new Map(rows.map(([name, value]) => [readText(name), readText(value)]));
}
