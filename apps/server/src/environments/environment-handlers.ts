import type { Uuid } from '@sallyport/model';
import type { Environment, EnvironmentChange, Store } from '@sallyport/store';
import { assertAdministratorStays } from '../applications/last-administrator.ts';
import { allItems } from '../http/all-items.ts';
import { environmentPath } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { readNamedFilter } from '../http/named-filter.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { found, idOf } from '../http/refuse.ts';
import type { Actor } from '../tokens/actor.ts';
import { billOfMaterialsBody, billOfMaterialsRecord } from './bill-of-materials.ts';
import { environmentBody } from './environment-body.ts';

const MAX_ENVIRONMENTS = 5000;

export interface EnvironmentDependencies {
  readonly store: Store;
  /** Told when everything is gone: rules stop, gateways are let go. */
  readonly onRemoved: (environmentId: Uuid, gatewayIds: readonly Uuid[]) => Promise<void>;
}

export function makeEnvironmentHandlers({
  store,
  onRemoved,
}: EnvironmentDependencies): HandlerGroup<'environments'> {
  const get = async (text: string): Promise<Environment> =>
    found(await store.environments.get(idOf(text, 'environment')), 'environment');
  const update = async (text: string, change: EnvironmentChange): Promise<Environment> =>
    store.environments.update(idOf(text, 'environment'), change);
  return {
    list: async ({ query }, context) => {
      const filter = readNamedFilter(query.filter, ['organization.id', 'license.id']);
      const page = await store.environments.list({
        ...pageRequest(query, 1000, MAX_ENVIRONMENTS),
        ...filter,
        ...visibleIds(context.actor, filter.ids),
      });
      const bodies = page.items.map((environment) => environmentBody(environment, context.addresses));
      return collectionBody(context, 'environments', bodies, page);
    },
    create: async ({ body }, context) => {
      const environment = await store.environments.create({
        name: body.name,
        description: body.description ?? undefined,
        type: body.type,
        region: body.region ?? 'EU',
        icon: body.icon ?? undefined,
        billOfMaterials:
          body.billOfMaterials === null || body.billOfMaterials === undefined
            ? undefined
            : billOfMaterialsRecord(body.billOfMaterials),
      });
      return environmentBody(environment, context.addresses);
    },
    read: async ({ params }, context) => environmentBody(await get(params.environmentId), context.addresses),
    replace: async ({ params, body }, context) =>
      environmentBody(
        // Type, region and licence have calls of their own or never change.
        await update(params.environmentId, {
          name: body.name,
          description: body.description ?? undefined,
          icon: body.icon ?? undefined,
        }),
        context.addresses,
      ),
    remove: async ({ params }) => {
      const id = idOf(params.environmentId, 'environment');
      await assertAdministratorStays(store, { environmentId: id });
      const gateways = await allItems((request) => store.gateways.list(id, request));
      await store.environments.remove(id);
      await onRemoved(
        id,
        gateways.map((gateway) => gateway.id),
      );
      return undefined;
    },
    setType: async ({ params, body }, context) =>
      environmentBody(await update(params.environmentId, { type: body.type }), context.addresses),
    setStatus: async ({ params, body }, context) =>
      environmentBody(await update(params.environmentId, { status: body.status }), context.addresses),
    readBillOfMaterials: async ({ params }, context) =>
      billOfMaterialsBody(await get(params.environmentId), context.addresses),
    replaceBillOfMaterials: async ({ params, body }, context) =>
      billOfMaterialsBody(
        await update(params.environmentId, { billOfMaterials: billOfMaterialsRecord(body) }),
        context.addresses,
      ),
    readCapabilities: async ({ params }, context) => ({
      _links: context.addresses.links(`${environmentPath(params.environmentId)}/capabilities`),
      canUseLdapGateway: true,
      canUseProvisioning: true,
      canUseInboundProvisioning: true,
      canUseCustomSchema: true,
      canAddResources: true,
    }),
  };
}

/** Who has roles in some environments sees those and no others. */
function visibleIds(
  actor: Actor,
  asked: readonly string[] | undefined,
): { readonly ids?: readonly string[] } {
  if (actor.roles.some(({ environmentId }) => environmentId === undefined)) return {};
  const visible = actor.roles.flatMap(({ environmentId }) => environmentId ?? []);
  return { ids: asked === undefined ? visible : asked.filter((id) => visible.some((own) => own === id)) };
}
