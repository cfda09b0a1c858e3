import {
  CONNECTION_SECURITIES,
  GATEWAY_VENDORS,
  type GatewayLdapConfiguration,
  type GatewayVendor,
  type OPERATIONS,
  type OperationRequest,
  PASSWORD_AUTHORITIES,
} from '@sallyport/contract';
import { type JsonObject, newUuid, type Secret } from '@sallyport/model';
import type { Gateway } from '@sallyport/store';
import { present } from '../http/hal.ts';
import {
  readJsonArray,
  readJsonBoolean,
  readJsonObject,
  readJsonText,
  readJsonTexts,
} from '../http/json-reading.ts';

type Input = Omit<OperationRequest<typeof OPERATIONS.gateways.replace>['body'], 'bindPassword'>;

export interface UserType {
  readonly id: string;
  readonly name: string;
  readonly passwordAuthority: (typeof PASSWORD_AUTHORITIES)[number];
  readonly searchBaseDn: string;
  readonly orderedCorrelationAttributes: readonly string[];
  readonly allowPasswordChanges: boolean;
  readonly updateUserOnSuccessfulAuthentication: boolean;
  /** Makes users at their first sign-on: excludes provisioning. */
  readonly newUserLookup: JsonObject | undefined;
}

/** The LDAP part of a gateway, as it was checked at the door. */
export interface LdapGateway {
  readonly vendor: GatewayVendor;
  readonly serversHostAndPort: readonly string[];
  readonly bindDN: string;
  readonly connectionSecurity: (typeof CONNECTION_SECURITIES)[number];
  readonly validateTlsCertificates: boolean;
  readonly followReferrals: boolean;
  readonly userTypes: readonly UserType[];
}

/** What is stored of a body beside name, description and secrets. `vendor` never changes. */
export function gatewayProperties(input: Input, vendor: GatewayVendor): JsonObject {
  return {
    vendor,
    serversHostAndPort: input.serversHostAndPort,
    bindDN: input.bindDN,
    connectionSecurity: input.connectionSecurity ?? 'None',
    validateTlsCertificates: input.validateTlsCertificates ?? true,
    followReferrals: input.followReferrals ?? false,
    userTypes: (input.userTypes ?? []).map((userType) => ({
      id: userType.id ?? newUuid(),
      name: userType.name,
      passwordAuthority: userType.passwordAuthority,
      searchBaseDn: userType.searchBaseDn,
      orderedCorrelationAttributes: userType.orderedCorrelationAttributes,
      allowPasswordChanges: userType.allowPasswordChanges ?? false,
      updateUserOnSuccessfulAuthentication: userType.updateUserOnSuccessfulAuthentication ?? false,
      ...(userType.newUserLookup === null || userType.newUserLookup === undefined
        ? {}
        : {
            newUserLookup: present({
              ldapFilterPattern: userType.newUserLookup.ldapFilterPattern,
              population: userType.newUserLookup.population ?? undefined,
              attributeMappings: userType.newUserLookup.attributeMappings ?? undefined,
            }),
          }),
    })),
  };
}

export function readLdapGateway(gateway: Gateway): LdapGateway {
  const { properties } = gateway;
  const security = readJsonText(properties.connectionSecurity);
  return {
    vendor:
      GATEWAY_VENDORS.find((vendor) => vendor === properties.vendor) ?? 'LDAPv3-compliant Directory Server',
    serversHostAndPort: readJsonTexts(properties.serversHostAndPort),
    bindDN: readJsonText(properties.bindDN) ?? '',
    connectionSecurity: CONNECTION_SECURITIES.find((known) => known === security) ?? 'None',
    validateTlsCertificates: readJsonBoolean(properties.validateTlsCertificates) ?? true,
    followReferrals: readJsonBoolean(properties.followReferrals) ?? false,
    userTypes: readJsonArray(properties.userTypes).map((value) => {
      const userType = readJsonObject(value);
      return {
        id: readJsonText(userType.id) ?? '',
        name: readJsonText(userType.name) ?? '',
        passwordAuthority:
          PASSWORD_AUTHORITIES.find((known) => known === userType.passwordAuthority) ?? 'PING_ONE',
        searchBaseDn: readJsonText(userType.searchBaseDn) ?? '',
        orderedCorrelationAttributes: readJsonTexts(userType.orderedCorrelationAttributes),
        allowPasswordChanges: readJsonBoolean(userType.allowPasswordChanges) ?? false,
        updateUserOnSuccessfulAuthentication:
          readJsonBoolean(userType.updateUserOnSuccessfulAuthentication) ?? false,
        newUserLookup:
          userType.newUserLookup === undefined ? undefined : readJsonObject(userType.newUserLookup),
      };
    }),
  };
}

/** The user types that make users at their first sign-on, by name. */
export function migratingUserTypes(gateway: Gateway): readonly string[] {
  return readLdapGateway(gateway)
    .userTypes.filter(({ newUserLookup }) => newUserLookup !== undefined)
    .map(({ name }) => name);
}

const SECURITY = { None: 'none', TLS: 'tls', StartTLS: 'startTls' } as const;

/** What an instance of the gateway is told, secrets revealed. */
export function ldapConfiguration(gateway: Gateway, bindPassword: Secret): GatewayLdapConfiguration {
  const ldap = readLdapGateway(gateway);
  return {
    servers: [...ldap.serversHostAndPort],
    security: SECURITY[ldap.connectionSecurity],
    validateCertificates: ldap.validateTlsCertificates,
    bindDn: ldap.bindDN,
    bindPassword: bindPassword.reveal(),
  };
}
