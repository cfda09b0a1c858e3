import { z } from 'zod';
import { dnSchema } from '../field/text.ts';

/** `host:port`, IPv6 in brackets: `dc1.corp.example:636`, `[2001:db8::1]:389`. */
export const serverAddressSchema = z
  .string()
  .max(300)
  .regex(/^(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/);

/** How an instance reaches its directory. */
export const gatewayLdapConfigurationSchema = z.object({
  /** In the order in which they are tried. */
  servers: z.array(serverAddressSchema).min(1).max(64),
  security: z.enum(['none', 'tls', 'startTls']),
  validateCertificates: z.boolean(),
  /** PEM certificates trusted besides the system's. */
  caCertificates: z.array(z.string().max(65_536)).max(64).optional(),
  bindDn: dnSchema,
  bindPassword: z.string().max(4_096),
  connectTimeoutMs: z.int().min(100).max(600_000).optional(),
  /** Longest silence of the directory during one operation. */
  operationTimeoutMs: z.int().min(100).max(3_600_000).optional(),
});

/** Holds the bind password in the clear: never log it. */
export type GatewayLdapConfiguration = z.infer<typeof gatewayLdapConfigurationSchema>;

/** How often an instance reports and how long it may be silent. */
export const reportingSchema = z.object({
  healthIntervalMs: z.int().min(100).max(3_600_000),
  metricsIntervalMs: z.int().min(100).max(3_600_000),
  /** Both sides ping this often; three intervals without a sound end the connection. */
  heartbeatIntervalMs: z.int().min(100).max(600_000),
});

export type Reporting = z.infer<typeof reportingSchema>;

/** Server → instance: after `hello`, and again whenever anything of it changes. */
export const configurationSchema = z.object({
  type: z.literal('configuration'),
  /** Grows with every configuration sent to this connection; `health` says which one is at work. */
  sequence: z.int().min(1),
  gatewayId: z.guid(),
  environmentId: z.guid(),
  ldap: gatewayLdapConfigurationSchema,
  reporting: reportingSchema,
});

export type ConfigurationMessage = z.infer<typeof configurationSchema>;
