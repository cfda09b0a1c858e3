import type { GatewayBody, GatewayInstanceBody } from '@sallyport/contract';
import type { Gateway, GatewayCredential } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import { readJsonArray, readJsonObject, readJsonText } from '../http/json-reading.ts';
import type { GatewayInstance } from '../hub/gateway-instance.ts';
import { type LdapGateway, readLdapGateway, type UserType } from './gateway-record.ts';

export function gatewayPath(environmentId: string, gatewayId: string): string {
  return `${environmentPath(environmentId)}/gateways/${gatewayId}`;
}

/** A gateway as the API shows it: never its password. */
export function gatewayBody(
  gateway: Gateway,
  credentials: readonly GatewayCredential[],
  version: string,
  addresses: Addresses,
): GatewayBody {
  const environment = environmentPath(gateway.environmentId);
  const path = gatewayPath(gateway.environmentId, gateway.id);
  const { vendor, serversHostAndPort, userTypes, ...ldap } = readLdapGateway(gateway);
  return {
    _links: addresses.links(path, {
      environment,
      credentials: `${path}/credentials`,
      instances: `${path}/instances`,
      schema: `${path}/schema`,
    }),
    id: gateway.id,
    environment: { id: gateway.environmentId },
    name: gateway.name,
    ...present({ description: gateway.description }),
    type: 'LDAP',
    enabled: gateway.enabled,
    vendor,
    ...ldap,
    serversHostAndPort: [...serversHostAndPort],
    userTypes: userTypes.map(userTypeBody),
    credentials: credentials.map(credentialProperties),
    currentAlerts: alertsOf(ldap),
    supportedVersions: [{ version, image: `sallyport/gateway:${version}`, recommended: true, latest: true }],
    createdAt: timestamp(gateway.createdAt),
    updatedAt: timestamp(gateway.updatedAt),
  };
}

function userTypeBody(userType: UserType): GatewayBody['userTypes'][number] {
  const { newUserLookup, orderedCorrelationAttributes, ...plain } = userType;
  const populationId = readJsonText(readJsonObject(newUserLookup?.population).id);
  return {
    ...plain,
    orderedCorrelationAttributes: [...orderedCorrelationAttributes],
    ...(newUserLookup === undefined
      ? {}
      : {
          newUserLookup: {
            ldapFilterPattern: readJsonText(newUserLookup.ldapFilterPattern) ?? '',
            ...(populationId === undefined ? {} : { population: { id: populationId } }),
            attributeMappings: readJsonArray(newUserLookup.attributeMappings).map((mapping) => ({
              name: readJsonText(readJsonObject(mapping).name) ?? '',
              value: readJsonText(readJsonObject(mapping).value) ?? '',
            })),
          },
        }),
  };
}

function alertsOf(
  ldap: Pick<LdapGateway, 'connectionSecurity' | 'validateTlsCertificates'>,
): GatewayBody['currentAlerts'] {
  if (ldap.connectionSecurity === 'None')
    return [
      {
        type: 'WARNING',
        message: 'The connection to the directory is not encrypted: passwords travel in the clear',
      },
    ];
  return ldap.validateTlsCertificates
    ? []
    : [
        {
          type: 'WARNING',
          message: 'The certificate of the directory is not checked: anybody in between can pose as it',
        },
      ];
}

function credentialProperties(credential: GatewayCredential) {
  return {
    id: credential.id,
    createdAt: timestamp(credential.createdAt),
    ...(credential.lastUsedAt === undefined ? {} : { lastUsedAt: timestamp(credential.lastUsedAt) }),
  };
}

export function credentialBody(credential: GatewayCredential, addresses: Addresses) {
  const gateway = gatewayPath(credential.environmentId, credential.gatewayId);
  return {
    _links: addresses.links(`${gateway}/credentials/${credential.id}`, { gateway }),
    ...credentialProperties(credential),
  };
}

export function instanceBody(
  instance: GatewayInstance,
  version: string,
  addresses: Addresses,
): GatewayInstanceBody {
  const gateway = gatewayPath(instance.environmentId, instance.gatewayId);
  return {
    _links: addresses.links(`${gateway}/instances/${instance.instanceId}`, { gateway }),
    id: instance.instanceId,
    environment: { id: instance.environmentId },
    gateway: { id: instance.gatewayId },
    credential: { id: instance.credentialId },
    connected: instance.connected,
    healthStatus: instance.healthStatus,
    currentErrors: [...instance.currentErrors],
    hostname: instance.hostname,
    initializedAt: instance.initializedAt,
    lastReportedAt: instance.lastReportedAt,
    version: {
      versionNumber: instance.version,
      updateStatus: instance.version === version ? 'AT_LATEST' : 'UPGRADE_AVAILABLE',
    },
    ...present({
      busyPercentage: instance.busyPercentage,
      operationsPerSecond: instance.operationsPerSecond,
      responseTimeMillis: instance.responseTimeMillis,
    }),
  };
}
