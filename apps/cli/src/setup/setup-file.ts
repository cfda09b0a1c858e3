import { CONNECTION_SECURITIES, GATEWAY_VENDORS } from '@sallyport/contract';
import * as z from 'zod';

/** Settings as a map of text, numbers, switches and lists. */
const configuration = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
);
const name = z.string().min(1);

const gateway = z.strictObject({
  name,
  description: z.string().optional(),
  enabled: z.boolean().default(true),
  vendor: z.enum(GATEWAY_VENDORS),
  servers: z.array(z.string().min(1)).min(1),
  security: z.enum(CONNECTION_SECURITIES).default('TLS'),
  validateTlsCertificates: z.boolean().default(true),
  followReferrals: z.boolean().default(false),
  bindDn: name,
  /** Never exported. Needed for a new gateway; sent to a known one only when asked for. */
  bindPassword: z.string().min(1).optional(),
});

const connection = z.strictObject({
  name,
  type: name,
  description: z.string().optional(),
  status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
  managed: z.boolean().default(false),
  /** Name of the gateway it goes through. */
  gateway: z.string().optional(),
  configuration: configuration.default({}),
});

const mapping = z
  .strictObject({
    target: name,
    source: z.string().min(1).optional(),
    expression: z.string().min(1).optional(),
    createOnly: z.boolean().default(false),
    trim: z.boolean().default(false),
    case: z.enum(['NONE', 'LOWER', 'UPPER']).default('NONE'),
    parser: z.enum(['NONE', 'EXTRACT_CN_FROM_DN', 'EXTRACT_USERNAME_FROM_EMAIL']).default('NONE'),
    default: z.string().optional(),
    type: z.enum(['userAttributeMapping', 'groupAttributeMapping']).default('userAttributeMapping'),
  })
  .refine(
    ({ source, expression }) => source === undefined || expression === undefined,
    'expected either source or expression, found both',
  );

const rule = z.strictObject({
  name,
  description: z.string().optional(),
  active: z.boolean().default(true),
  /** Names of connections. */
  source: name,
  target: name,
  /** Name of the population of new users. */
  population: z.string().optional(),
  populationExpression: z.string().optional(),
  deprovision: z.boolean().default(false),
  configuration: configuration.default({}),
  /** Absent: they are left as they are. */
  mappings: z.array(mapping).optional(),
});

export const setupFile = z.strictObject({
  version: z.literal(1),
  gateways: z.array(gateway).default([]),
  connections: z.array(connection).default([]),
  rules: z.array(rule).default([]),
});

/** Gateways, connections, rules and mappings as one file, everything named instead of numbered. */
export type Setup = z.output<typeof setupFile>;
export type GatewaySetup = Setup['gateways'][number];
export type ConnectionSetup = Setup['connections'][number];
export type RuleSetup = Setup['rules'][number];
export type MappingSetup = NonNullable<RuleSetup['mappings']>[number];
