import type { Uuid } from '@sallyport/model';
import type { GatewayCredential } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { CREDENTIAL_COLUMNS, readCredential } from './credential-row.ts';

export async function getCredential(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
): Promise<GatewayCredential | undefined> {
  const row = await session.db
    .selectFrom('gateway_credentials')
    .select(CREDENTIAL_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : readCredential(row);
}
