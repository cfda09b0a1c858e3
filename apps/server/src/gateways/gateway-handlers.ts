import { CodedError, newUuid, Secret, type Uuid } from '@sallyport/model';
import type { Gateway, PropagationStore, Store } from '@sallyport/store';
import type { Addresses } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { collectionBody, pageRequest, wholeCollection } from '../http/paging.ts';
import { Faults, found, idOf } from '../http/refuse.ts';
import type { GatewayHub } from '../hub/gateway-hub.ts';
import type { SealedSecrets } from '../secrets/sealed-secrets.ts';
import type { TokenIssuer } from '../tokens/token-issuer.ts';
import type { DirectoryAccess } from './directory-access.ts';
import { schemaAnswer, searchAnswer } from './directory-handlers.ts';
import { credentialBody, gatewayBody, gatewayPath, instanceBody } from './gateway-body.ts';
import { checkGateway, checkKeptPassword } from './gateway-faults.ts';
import { gatewayProperties, readLdapGateway } from './gateway-record.ts';
import { storesOfGateway } from './gateway-stores.ts';
import type { InstanceRecords } from './instance-records.ts';

const MAX_CREDENTIALS = 5;

export interface GatewayDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly tokens: TokenIssuer;
  readonly hub: GatewayHub;
  readonly instances: InstanceRecords;
  readonly directory: DirectoryAccess;
  /** Our own version: gateways of it are up to date. */
  readonly version: string;
}

interface GatewayParams {
  readonly environmentId: string;
  readonly gatewayId: string;
}

export function makeGatewayHandlers(dependencies: GatewayDependencies): HandlerGroup<'gateways'> {
  const { store, secrets, tokens, hub, instances: records, directory, version } = dependencies;
  const keyOf = (params: GatewayParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.gatewayId, 'gateway'),
  ];
  const get = async (params: GatewayParams): Promise<Gateway> =>
    found(await store.gateways.get(...keyOf(params)), 'gateway');
  const bodyOf = async (gateway: Gateway, addresses: Addresses) =>
    gatewayBody(gateway, await store.credentials.list(gateway.environmentId, gateway.id), version, addresses);
  const instancesOf = async (gateway: Gateway, addresses: Addresses) =>
    (await records.list(gateway.environmentId, gateway.id)).map((instance) =>
      instanceBody(instance, version, addresses),
    );
  const credentialOf = async (params: GatewayParams & { readonly credentialId: string }) => {
    const gateway = await get(params);
    const credential = await store.credentials.get(
      gateway.environmentId,
      idOf(params.credentialId, 'credential'),
    );
    const isHere = credential?.gatewayId === gateway.id && credential.revokedAt === undefined;
    return found(isHere ? credential : undefined, 'credential');
  };

  return {
    list: async ({ params, query }, context) => {
      const page = await store.gateways.list(idOf(params.environmentId, 'environment'), pageRequest(query));
      const bodies = await Promise.all(page.items.map((gateway) => bodyOf(gateway, context.addresses)));
      return collectionBody(context, 'gateways', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const faults = new Faults();
      checkGateway(body, body.vendor, faults);
      faults.throwIfAny();
      const id = newUuid();
      // The secret first: a gateway without its password would be told to every instance that asks.
      await secrets.put(environmentId, id, 'bindPassword', new Secret(body.bindPassword));
      try {
        const gateway = await store.gateways.create({
          id,
          environmentId,
          name: body.name,
          description: body.description ?? undefined,
          type: 'LDAP',
          enabled: body.enabled,
          properties: gatewayProperties(body, body.vendor),
        });
        return await bodyOf(gateway, context.addresses);
      } catch (error) {
        await secrets.remove(environmentId, id, 'bindPassword');
        throw error;
      }
    },
    read: async ({ params, query }, context) => {
      const gateway = await get(params);
      const body = await bodyOf(gateway, context.addresses);
      return query.expand?.split(',').includes('instances') === true
        ? { ...body, _embedded: { instances: await instancesOf(gateway, context.addresses) } }
        : body;
    },
    replace: async ({ params, body }, context) => {
      const before = await get(params);
      const kept = readLdapGateway(before);
      const { vendor } = kept;
      const { bindPassword } = body;
      const faults = new Faults();
      checkGateway(body, vendor, faults);
      if (bindPassword === null || bindPassword === undefined) checkKeptPassword(body, kept, faults);
      assertImmutable('type', body.type, 'LDAP', faults);
      assertImmutable('vendor', body.vendor, vendor, faults);
      const migrating = (body.userTypes ?? []).filter(
        ({ newUserLookup }) => newUserLookup !== null && newUserLookup !== undefined,
      );
      const users = migrating.length === 0 ? [] : await storesOfGateway(store, before);
      if (users.length > 0)
        faults.add(
          'GATEWAY_MIGRATES_USERS',
          'userTypes',
          migrationMessage(
            migrating.map(({ name }) => name),
            users,
          ),
        );
      faults.throwIfAny();
      if (bindPassword !== null && bindPassword !== undefined)
        await secrets.put(before.environmentId, before.id, 'bindPassword', new Secret(bindPassword));
      const gateway = await store.gateways.update(...keyOf(params), {
        name: body.name,
        description: body.description ?? undefined,
        enabled: body.enabled,
        properties: gatewayProperties(body, vendor),
      });
      directory.forget(gateway.id);
      if (gateway.enabled) await hub.pushConfiguration(gateway.id);
      else hub.disconnectGateway(gateway.id);
      return bodyOf(gateway, context.addresses);
    },
    remove: async ({ params }) => {
      const gateway = await get(params);
      const users = await storesOfGateway(store, gateway);
      if (users.length > 0)
        throw new CodedError(
          'REFERENCED',
          `The gateway is used by ${nameList(users)}; delete or change that first`,
        );
      await store.gateways.remove(gateway.environmentId, gateway.id);
      directory.forget(gateway.id);
      hub.disconnectGateway(gateway.id);
      return undefined;
    },
    listCredentials: async ({ params }, context) => {
      const gateway = await get(params);
      const credentials = await store.credentials.list(gateway.environmentId, gateway.id);
      const bodies = credentials.map((credential) => credentialBody(credential, context.addresses));
      return wholeCollection(context, 'credentials', bodies);
    },
    createCredential: async ({ params }, context) => {
      const { environmentId, id: gatewayId } = await get(params);
      const existing = await store.credentials.list(environmentId, gatewayId);
      if (existing.length >= MAX_CREDENTIALS)
        throw new CodedError(
          'QUOTA_EXCEEDED',
          `A gateway has at most ${MAX_CREDENTIALS} credentials; revoke one that is no longer used`,
        );
      const credential = await store.credentials.create({ environmentId, gatewayId });
      const token = await tokens.gatewayCredential({ credentialId: credential.id, gatewayId, environmentId });
      return { ...credentialBody(credential, context.addresses), credential: token.reveal() };
    },
    readCredential: async ({ params }, context) =>
      credentialBody(await credentialOf(params), context.addresses),
    removeCredential: async ({ params }) => {
      const credential = await credentialOf(params);
      await store.credentials.revoke(credential.environmentId, credential.id);
      hub.disconnectCredential(credential.id);
      return undefined;
    },
    listInstances: async ({ params }, context) =>
      wholeCollection(context, 'gatewayInstances', await instancesOf(await get(params), context.addresses)),
    readInstance: async ({ params }, context) => {
      const instances = await instancesOf(await get(params), context.addresses);
      return found(
        instances.find(({ id }) => id === params.instanceId.toLowerCase()),
        'gateway instance',
      );
    },
    readSchema: async ({ params, query }, context) => {
      const gateway = await get(params);
      const path = gatewayPath(gateway.environmentId, gateway.id);
      const schema = await directory.schema(gateway.id, context.signal);
      return {
        _links: context.addresses.links(`${path}/schema`, { gateway: path }),
        ...schemaAnswer(schema, query),
      };
    },
    search: async ({ params, body }, context) => {
      const gateway = await get(params);
      const path = gatewayPath(gateway.environmentId, gateway.id);
      const answer = await searchAnswer(directory, gateway.id, body, context);
      return { _links: context.addresses.links(`${path}/search`, { gateway: path }), ...answer };
    },
  };
}

function assertImmutable(
  target: string,
  sent: string | null | undefined,
  kept: string,
  faults: Faults,
): void {
  if (sent === null || sent === undefined || sent === kept) return;
  faults.add(
    'INVALID_VALUE',
    target,
    `${target} of a gateway never changes: it is ${kept}; make another gateway instead`,
  );
}

function migrationMessage(userTypes: readonly string[], stores: readonly PropagationStore[]): string {
  return `User type ${userTypes.join(', ')} makes users at their first sign-on (newUserLookup), and ${nameList(stores)} provisions through this gateway: the two exclude each other`;
}

function nameList(stores: readonly PropagationStore[]): string {
  return stores.map(({ name }) => `store ${JSON.stringify(name)}`).join(', ');
}
