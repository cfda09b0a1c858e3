import { readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Scope } from '../store.ts';

export function getSetting(session: Session, scope: Scope, name: string): string | undefined {
  const row = session.reader.row('SELECT value FROM settings WHERE scope = ? AND name = ?', [scope, name]);
  return row === undefined ? undefined : readText(row[0]);
}
