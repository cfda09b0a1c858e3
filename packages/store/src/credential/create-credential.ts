import { newUuid, type Uuid } from '@sallyport/model';
import { getGateway } from '../gateway/get-gateway.ts';
import { notFound } from '../list/not-found.ts';
import type { GatewayCredential } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';

/** Only its id, the `jti` of the JWT, is kept. */
export async function createCredential(
  session: Session,
  credential: { readonly environmentId: Uuid; readonly gatewayId: Uuid; readonly id?: Uuid | undefined },
): Promise<GatewayCredential> {
  const { environmentId, gatewayId } = credential;
  const createdAt = Date.now();
  const id = credential.id ?? newUuid(createdAt);
  await session.write(async ({ db }) => {
    if ((await getGateway(db, environmentId, gatewayId)) === undefined) throw notFound('gateway', gatewayId);
    await db
      .insertInto('gateway_credentials')
      .values({
        environment_id: environmentId,
        id,
        gateway_id: gatewayId,
        created_at: createdAt,
        last_used_at: null,
        revoked_at: null,
      })
      .execute();
  });
  return { environmentId, gatewayId, id, createdAt, lastUsedAt: undefined, revokedAt: undefined };
}
