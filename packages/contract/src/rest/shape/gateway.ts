import * as z from 'zod';
import {
  answeredReference,
  clearable,
  collection,
  id,
  reference,
  resource,
  text,
  timestamp,
} from './common.ts';

export const GATEWAY_VENDORS = [
  'PingDirectory',
  'Microsoft Active Directory',
  'Oracle Directory Server Enterprise Edition',
  'Oracle Unified Directory',
  'CA Directory',
  'OpenDJ Directory Server',
  'IBM (Tivoli) Security Directory Server',
  'LDAPv3-compliant Directory Server',
] as const;
export type GatewayVendor = (typeof GATEWAY_VENDORS)[number];

export const PASSWORD_AUTHORITIES = ['PING_ONE', 'LDAP'] as const;
export const CONNECTION_SECURITIES = ['None', 'TLS', 'StartTLS'] as const;

/** `host:port`; IPv6 addresses in brackets. */
const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/;
const hostAndPort = z.string().refine((value) => {
  const port = Number(value.slice(value.lastIndexOf(':') + 1));
  return HOST_AND_PORT.test(value) && port >= 1 && port <= 65_535;
}, 'expected host:port with a port from 1 to 65535; IPv6 addresses in brackets');

const gatewayName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\p{L}\p{M}\p{N}/.'_ -]*$/u, "expected letters, digits, spaces, or any of / . ' _ -");

const newUserLookup = z.object({
  ldapFilterPattern: z.string().min(1).max(4096),
  population: clearable(reference),
  attributeMappings: clearable(z.array(z.object({ name: z.string(), value: z.string() })).max(200)),
});

const userTypeInput = z.object({
  id: clearable(id),
  name: text(256),
  passwordAuthority: z.enum(PASSWORD_AUTHORITIES),
  searchBaseDn: text(4096),
  orderedCorrelationAttributes: z.array(text(256)).min(1).max(20),
  allowPasswordChanges: clearable(z.boolean()),
  updateUserOnSuccessfulAuthentication: clearable(z.boolean()),
  newUserLookup: clearable(newUserLookup),
});

const common = {
  name: gatewayName,
  description: clearable(z.string().max(1024)),
  enabled: z.boolean(),
  serversHostAndPort: z.array(hostAndPort).min(1).max(50),
  bindDN: text(4096),
  connectionSecurity: clearable(z.enum(CONNECTION_SECURITIES)),
  validateTlsCertificates: clearable(z.boolean()),
  followReferrals: clearable(z.boolean()),
  userTypes: clearable(z.array(userTypeInput).max(100)),
} as const;

export const gatewayCreateInput = z.object({
  ...common,
  type: z.literal('LDAP', 'expected LDAP: gateways of other types cannot be made here'),
  vendor: z.enum(GATEWAY_VENDORS),
  bindPassword: text(4096),
});

/** `type` and `vendor` never change; a PUT without `bindPassword` keeps the sealed one, which nobody can read back. */
export const gatewayReplaceInput = z.object({
  ...common,
  type: clearable(z.string()),
  vendor: clearable(z.string()),
  bindPassword: clearable(text(4096)),
});

const userType = z.object({
  id: z.string(),
  name: z.string(),
  passwordAuthority: z.enum(PASSWORD_AUTHORITIES),
  searchBaseDn: z.string(),
  orderedCorrelationAttributes: z.array(z.string()),
  allowPasswordChanges: z.boolean(),
  updateUserOnSuccessfulAuthentication: z.boolean(),
  newUserLookup: z
    .object({
      ldapFilterPattern: z.string(),
      population: answeredReference.optional(),
      attributeMappings: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    })
    .optional(),
});

const credentialShape = { id: z.string(), createdAt: timestamp, lastUsedAt: timestamp.optional() } as const;

export const gatewayInstance = resource({
  id: z.string(),
  environment: answeredReference,
  gateway: answeredReference,
  credential: answeredReference,
  connected: z.boolean(),
  healthStatus: z.enum(['HEALTHY', 'DEGRADED', 'UNHEALTHY']),
  currentErrors: z.array(z.object({ code: z.string(), message: z.string() })),
  hostname: z.string(),
  initializedAt: timestamp,
  lastReportedAt: timestamp,
  version: z.object({ versionNumber: z.string(), updateStatus: z.string() }),
  busyPercentage: z.number().optional(),
  operationsPerSecond: z.number().optional(),
  responseTimeMillis: z.number().optional(),
});
export type GatewayInstanceBody = z.input<typeof gatewayInstance>;
export const gatewayInstances = collection('gatewayInstances', gatewayInstance);

export const gateway = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  description: z.string().optional(),
  type: z.literal('LDAP'),
  enabled: z.boolean(),
  vendor: z.enum(GATEWAY_VENDORS),
  serversHostAndPort: z.array(z.string()),
  bindDN: z.string(),
  connectionSecurity: z.enum(CONNECTION_SECURITIES),
  validateTlsCertificates: z.boolean(),
  followReferrals: z.boolean(),
  userTypes: z.array(userType),
  credentials: z.array(z.object(credentialShape)),
  currentAlerts: z.array(z.object({ type: z.string(), message: z.string() })),
  supportedVersions: z.array(
    z.object({ version: z.string(), image: z.string(), recommended: z.boolean(), latest: z.boolean() }),
  ),
  createdAt: timestamp,
  updatedAt: timestamp,
  _embedded: z.object({ instances: z.array(gatewayInstance) }).optional(),
});
export type GatewayBody = z.input<typeof gateway>;
export const gateways = collection('gateways', gateway);
export const gatewayQuery = z.object({ expand: z.string().optional() });

export const gatewayCredential = resource(credentialShape);
/** `credential` is the signed JWT an instance presents: answered once, at creation. */
export const newGatewayCredential = resource({ ...credentialShape, credential: z.string() });
export const gatewayCredentials = collection('credentials', gatewayCredential);

export const directorySchema = resource({
  attributes: z.array(
    z.object({
      name: z.string(),
      oid: z.string().optional(),
      description: z.string().optional(),
      syntax: z.string().optional(),
      multiValued: z.boolean(),
      operational: z.boolean(),
    }),
  ),
});
export const directorySchemaQuery = z.object({
  objectClass: z.string().max(256).optional(),
  contains: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'Only attributes whose name contains this text.' }),
});

export const directorySearchInput = z.object({
  base: z
    .string()
    .max(4096)
    .meta({ description: 'DN; empty for the root DSE, which lists the naming contexts.' }),
  scope: clearable(z.enum(['base', 'one', 'sub'])),
  filter: clearable(z.string().min(1).max(8192)),
  attributes: clearable(z.array(z.string().min(1).max(256)).max(100)),
  limit: clearable(z.number().int().min(1).max(200)),
});

export const directorySearchResult = resource({
  server: z.string().optional(),
  truncated: z.boolean(),
  entries: z.array(z.object({ dn: z.string(), attributes: z.record(z.string(), z.array(z.string())) })),
});
