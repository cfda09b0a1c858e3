import type { Uuid } from '@sallyport/model';
import { readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';

export function leaseHolder(session: Session, environmentId: Uuid, name: string): string | undefined {
  const row = session.reader.row(
    'SELECT holder FROM leases WHERE environment_id = ? AND name = ? AND expires_at > ?',
    [environmentId, name, Date.now()],
  );
  return row === undefined ? undefined : readText(row[0]);
}
