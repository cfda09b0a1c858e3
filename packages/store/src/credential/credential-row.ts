import type { Selectable } from 'kysely';
import type { GatewayCredential } from '../record/configuration-records.ts';
import { readId } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';

export const CREDENTIAL_COLUMNS = [
  'environment_id',
  'id',
  'gateway_id',
  'created_at',
  'last_used_at',
  'revoked_at',
] as const satisfies readonly (keyof Tables['gateway_credentials'])[];

export function readCredential(row: Selectable<Tables['gateway_credentials']>): GatewayCredential {
  return {
    environmentId: readId(row.environment_id),
    id: readId(row.id),
    gatewayId: readId(row.gateway_id),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
