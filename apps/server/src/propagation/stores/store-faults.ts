import { GATEWAY_VENDORS } from '@sallyport/contract';
import {
  type Configuration,
  ConfigurationReader,
  readTargetActions,
  readUuid,
  type Uuid,
} from '@sallyport/model';
import type { Gateway, Store } from '@sallyport/store';
import { migratingUserTypes, readLdapGateway } from '../../gateways/gateway-record.ts';
import type { Faults } from '../../http/refuse.ts';
import { readStoreType, STORE_TYPES } from './store-type.ts';

/** The checked ends of a store: the gateway of an LdapGateway store. */
export interface CheckedStore {
  readonly gateway: Gateway | undefined;
}

/** Checks type and configuration of a store; every fault is collected with its key. */
export async function checkStore(
  store: Store,
  environmentId: Uuid,
  type: string,
  configuration: Configuration,
  faults: Faults,
): Promise<CheckedStore> {
  if (readStoreType(type) === undefined) {
    faults.add(
      'UNKNOWN_STORE_TYPE',
      'type',
      `${JSON.stringify(type)} cannot be synchronised; use one of ${STORE_TYPES.map(({ key }) => key).join(', ')}`,
    );
    return { gateway: undefined };
  }
  const reader = new ConfigurationReader(configuration);
  const environment = reader.text('ENVIRONMENT_ID');
  if (environment !== undefined && readUuid(environment) !== environmentId)
    reader.fault(
      'ENVIRONMENT_ID',
      `ENVIRONMENT_ID must be this environment (${environmentId}), found ${environment}`,
    );
  const gateway =
    type === 'LdapGateway' ? await checkLdapGateway(store, environmentId, reader, faults) : undefined;
  const { faults: actionFaults } = readTargetActions(configuration);
  for (const { key, message } of [...reader.faults, ...actionFaults])
    faults.add(
      message.endsWith('is required') ? 'REQUIRED_VALUE' : 'INVALID_VALUE',
      `configuration.${key}`,
      message,
    );
  return { gateway };
}

async function checkLdapGateway(
  store: Store,
  environmentId: Uuid,
  reader: ConfigurationReader,
  faults: Faults,
): Promise<Gateway | undefined> {
  const vendor = reader.choice('LDAP_TYPE', GATEWAY_VENDORS);
  const statusAttribute = reader.text('ACCOUNT_STATUS_ATTRIBUTE');
  const disabledValue = reader.text('ACCOUNT_STATUS_DISABLED_VALUE');
  if ((statusAttribute === undefined) !== (disabledValue === undefined))
    reader.fault(
      'ACCOUNT_STATUS_ATTRIBUTE',
      'ACCOUNT_STATUS_ATTRIBUTE and ACCOUNT_STATUS_DISABLED_VALUE are given together or not at all',
    );
  const text = reader.requiredText('GATEWAY_ID');
  if (text === '') return undefined;
  const id = readUuid(text);
  const gateway = id === undefined ? undefined : await store.gateways.get(environmentId, id);
  if (gateway === undefined) {
    reader.fault('GATEWAY_ID', `There is no gateway ${text} in this environment`);
    return undefined;
  }
  const gatewayVendor = readLdapGateway(gateway).vendor;
  if (vendor !== undefined && vendor !== gatewayVendor)
    reader.fault('LDAP_TYPE', `The gateway ${gateway.name} leads to ${gatewayVendor}, not to ${vendor}`);
  const migrating = migratingUserTypes(gateway);
  if (migrating.length > 0)
    faults.add(
      'GATEWAY_MIGRATES_USERS',
      'configuration.GATEWAY_ID',
      `User type ${migrating.join(', ')} of gateway ${gateway.name} makes users at their first sign-on (newUserLookup): that and provisioning exclude each other. Take newUserLookup off it, or use another gateway`,
    );
  return gateway;
}
