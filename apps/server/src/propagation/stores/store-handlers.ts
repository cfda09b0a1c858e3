import { CodedError, type Configuration, newUuid, type Uuid } from '@sallyport/model';
import type { Gateway, PropagationStore, Store } from '@sallyport/store';
import { checkDn } from '../../gateways/gateway-faults.ts';
import { readLdapGateway } from '../../gateways/gateway-record.ts';
import { allItems } from '../../http/all-items.ts';
import type { Addresses } from '../../http/hal.ts';
import { present } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { Faults, found, idOf, refuseValue } from '../../http/refuse.ts';
import type { GatewayHub } from '../../hub/gateway-hub.ts';
import type { SealedSecrets } from '../../secrets/sealed-secrets.ts';
import type { RuleControl } from '../runs/rule-control.ts';
import { checkConnection, connectionFailure } from './connection-check.ts';
import { storeBody, syncStatusOf } from './store-body.ts';
import { checkStore } from './store-faults.ts';
import { storeMetadataBody } from './store-metadata.ts';
import { sealSecrets, splitSecrets } from './store-secrets.ts';

export interface StoreDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly hub: GatewayHub;
  readonly control: Pick<RuleControl, 'status'>;
}

interface StoreParams {
  readonly environmentId: string;
  readonly storeId: string;
}

export function makeStoreHandlers({
  store,
  secrets,
  hub,
  control,
}: StoreDependencies): HandlerGroup<'stores'> {
  const keyOf = (params: StoreParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.storeId, 'store'),
  ];
  const bodyOf = async (record: PropagationStore, addresses: Addresses) => {
    const rules = await allItems((request) =>
      store.rules.list(record.environmentId, { ...request, storeId: record.id }),
    );
    const suspended = (ruleId: Uuid): string | undefined => {
      const { breaker } = control.status(ruleId);
      return breaker.kind === 'open' ? (breaker.reason ?? 'polls are suspended after failures') : undefined;
    };
    return storeBody(record, await syncStatusOf(store, rules, suspended), addresses);
  };
  return {
    list: async ({ params, query }, context) => {
      const page = await store.stores.list(idOf(params.environmentId, 'environment'), pageRequest(query));
      const bodies = await Promise.all(page.items.map((record) => bodyOf(record, context.addresses)));
      return collectionBody(context, 'stores', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const { open, secrets: sent } = splitSecrets(body.configuration ?? {});
      const faults = new Faults();
      const { gateway } = await checkStore(store, environmentId, body.type, open, faults);
      const status = readStatus(body.status, faults);
      faults.throwIfAny();
      const id = newUuid();
      await sealSecrets(secrets, environmentId, id, sent);
      const record = await store.stores.create({
        id,
        environmentId,
        name: body.name,
        description: body.description ?? undefined,
        type: body.type,
        configuration: completed(open, gateway),
        managed: body.managed ?? false,
        status: status ?? 'ACTIVE',
        image: imageOf(body.image),
      });
      return bodyOf(record, context.addresses);
    },
    read: async ({ params }, context) =>
      bodyOf(found(await store.stores.get(...keyOf(params)), 'store'), context.addresses),
    replace: async ({ params, body }, context) => {
      const before = found(await store.stores.get(...keyOf(params)), 'store');
      const { open, secrets: sent } = splitSecrets(body.configuration ?? {});
      const faults = new Faults();
      if (body.type !== before.type)
        faults.add('INVALID_VALUE', 'type', `The type of a store never changes: it is ${before.type}`);
      const { gateway } = await checkStore(store, before.environmentId, before.type, open, faults);
      const status = readStatus(body.status, faults);
      faults.throwIfAny();
      await sealSecrets(secrets, before.environmentId, before.id, sent);
      const record = await store.stores.update(...keyOf(params), {
        name: body.name,
        description: body.description ?? undefined,
        configuration: completed(open, gateway),
        managed: body.managed ?? false,
        status: status ?? before.status,
        image: imageOf(body.image),
      });
      return bodyOf(record, context.addresses);
    },
    remove: async ({ params }) => {
      const [environmentId, id] = keyOf(params);
      const rules = await allItems((request) => store.rules.list(environmentId, { ...request, storeId: id }));
      if (rules.length > 0)
        throw new CodedError(
          'REFERENCED',
          `The store is used by ${rules.map(({ name }) => `rule ${JSON.stringify(name)}`).join(', ')}; delete that first`,
        );
      await store.stores.remove(environmentId, id);
      return undefined;
    },
    checkConnection: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const { open } = splitSecrets(body.configuration ?? {});
      const faults = new Faults();
      const { gateway } = await checkStore(store, environmentId, body.type, open, faults);
      if (typeof body.baseDn === 'string') checkDn(body.baseDn, 'baseDn', faults);
      faults.throwIfAny();
      // The identity store is this server: answering is the proof.
      if (gateway === undefined)
        return {
          status: 'OK',
          checks: [{ name: 'identityStore', status: 'OK', message: 'The identity store answers' }],
        };
      try {
        return await checkConnection(hub, gateway, open, body.baseDn ?? undefined, context.signal);
      } catch (error) {
        throw connectionFailure(error);
      }
    },
    readMetadata: async ({ params, body }) =>
      storeMetadataBody(params.type, body.configuration?.LDAP_TYPE) ??
      refuseValue('UNKNOWN_STORE_TYPE', 'type', `There is no store type ${JSON.stringify(params.type)}`),
  };
}

/** With the vendor that the gateway knows: default mappings depend on it. */
function completed(configuration: Configuration, gateway: Gateway | undefined): Configuration {
  if (gateway === undefined || configuration.LDAP_TYPE !== undefined) return configuration;
  return { ...configuration, LDAP_TYPE: readLdapGateway(gateway).vendor };
}

function readStatus(sent: string | null | undefined, faults: Faults): 'ACTIVE' | 'INACTIVE' | undefined {
  if (sent === null || sent === undefined) return undefined;
  if (sent === 'ACTIVE' || sent === 'INACTIVE') return sent;
  faults.add('INVALID_VALUE', 'status', `status must be ACTIVE or INACTIVE, found ${JSON.stringify(sent)}`);
  return undefined;
}

function imageOf(
  image:
    | { readonly id?: string | null | undefined; readonly href?: string | null | undefined }
    | null
    | undefined,
) {
  if (image === null || image === undefined) return undefined;
  return present({ id: image.id ?? undefined, href: image.href ?? undefined });
}
