import type { Uuid } from '@sallyport/model';
import type { GatewayCredential } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import { CREDENTIAL_COLUMNS, readCredential } from './credential-row.ts';

/** A gateway has five at most, so this one list does not page. */
export async function listCredentials(
  session: Session,
  environmentId: Uuid,
  gatewayId: Uuid,
): Promise<readonly GatewayCredential[]> {
  const rows = await session.db
    .selectFrom('gateway_credentials')
    .select(CREDENTIAL_COLUMNS)
    .where('environment_id', '=', environmentId)
    .where('gateway_id', '=', gatewayId)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(readCredential);
}
