import * as z from 'zod';
import {
  answeredReference,
  clearable,
  collection,
  configuration,
  reference,
  resource,
  text,
  timestamp,
} from './common.ts';

export const STATUSES = ['ACTIVE', 'INACTIVE'] as const;
const status = z.enum(STATUSES);

export const planInput = z.object({ name: text(256), status: clearable(status) });
export const plan = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  status,
  createdAt: timestamp.optional(),
  updatedAt: timestamp.optional(),
});
export const plans = collection('plans', plan);

const image = z.object({ id: clearable(z.string()), href: clearable(z.string().max(2048)) });

export const storeInput = z.object({
  name: text(256),
  type: text(64),
  description: clearable(z.string().max(1024)),
  configuration: clearable(configuration),
  image: clearable(image),
  managed: clearable(z.boolean()),
  status: clearable(z.string()),
});
export type StoreInput = z.output<typeof storeInput>;

export const syncStatus = z.object({
  syncState: z.enum(['SYNCING', 'FAILED']),
  lastSyncAt: timestamp.optional(),
  userTotal: z.number(),
  successCount: z.number(),
  failedCount: z.number(),
  failedDeprovisionCount: z.number(),
  details: z.string(),
});

export const store = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  type: z.string(),
  description: z.string().optional(),
  configuration,
  image: z.object({ id: z.string().optional(), href: z.string().optional() }).optional(),
  managed: z.boolean(),
  status,
  syncStatus: syncStatus.optional(),
  createdAt: timestamp.optional(),
  updatedAt: timestamp.optional(),
});
export type StoreBody = z.input<typeof store>;
export const stores = collection('stores', store);

export const connectionCheckInput = z.object({
  type: text(64),
  configuration: clearable(configuration),
  name: clearable(z.string()),
  /** Where the rule will read; without it the first naming context the server announces. */
  baseDn: clearable(z.string().max(4096)),
});

export const connectionCheck = z.object({
  status: z.literal('OK'),
  server: z.string().optional(),
  strategy: z.string().optional(),
  strategyReason: z.string().optional(),
  checks: z.array(z.object({ name: z.string(), status: z.enum(['OK', 'WARNING']), message: z.string() })),
});

export const storeMetadataInput = z.object({
  type: clearable(z.string()),
  configuration: clearable(configuration),
});
export const storeMetadata = z.object({
  information: z.object({
    key: z.string(),
    version: z.string(),
    displayName: z.string(),
    imageUrl: z.string(),
    identityProvider: z.boolean(),
    baseURLRequired: z.boolean(),
    connectionInformationRequired: z.boolean(),
  }),
  connectionProfiles: z.array(
    z.object({
      connectionAttributes: z.array(
        z.object({
          key: z.string(),
          displayLabel: z.string(),
          description: z.string(),
          required: z.boolean(),
          sensitive: z.boolean(),
        }),
      ),
    }),
  ),
  attributeMetadata: z.object({
    userAttributes: z.array(z.object({ name: z.string(), required: z.boolean(), multiValued: z.boolean() })),
    defaultMappings: z
      .array(z.object({ sourceAttribute: z.string(), targetAttribute: z.string() }))
      .optional(),
    capabilities: z.array(z.string()),
  }),
});

const ruleCommon = {
  name: text(256),
  description: clearable(z.string().max(1024)),
  active: clearable(z.boolean()),
  populationExpression: clearable(z.string().max(8192)),
  groups: clearable(z.array(reference).max(1000)),
  populations: clearable(z.array(reference).max(1000)),
  deprovision: clearable(z.boolean()),
  configuration: clearable(configuration),
} as const;

export const ruleCreateInput = z.object({
  ...ruleCommon,
  plan: clearable(reference),
  sourceStore: reference,
  targetStore: reference,
});

/** Source and target are read-only after creation; what a client sends back of them is ignored. */
export const ruleReplaceInput = z.object(ruleCommon);

/** What was accepted but is hardly meant; in the answer to a write only. */
const warnings = z.array(z.object({ code: z.string(), target: z.string(), message: z.string() })).optional();

export const rule = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  description: z.string().optional(),
  active: z.boolean(),
  plan: answeredReference,
  sourceStore: answeredReference,
  targetStore: answeredReference,
  populationExpression: z.string().optional(),
  groups: z.array(answeredReference).optional(),
  deprovision: z.boolean().optional(),
  configuration,
  createdAt: timestamp,
  updatedAt: timestamp.optional(),
  warnings,
});
export type RuleBody = z.input<typeof rule>;
export const rules = collection('rules', rule);

export const CHARACTER_CASES = ['NONE', 'LOWER', 'UPPER'] as const;
export const MAPPING_PARSERS = ['NONE', 'EXTRACT_CN_FROM_DN', 'EXTRACT_USERNAME_FROM_EMAIL'] as const;
export const MAPPING_TYPES = ['userAttributeMapping', 'groupAttributeMapping'] as const;

export const mappingInput = z.object({
  name: clearable(text(256)),
  sourceAttribute: clearable(text(256)),
  expression: clearable(text(16_384)),
  targetAttribute: text(256),
  attributeMappingType: clearable(z.enum(MAPPING_TYPES)),
  createOnly: clearable(z.boolean()),
  trim: clearable(z.boolean()),
  characterCase: clearable(z.enum(CHARACTER_CASES)),
  parser: clearable(z.enum(MAPPING_PARSERS)),
  defaultValue: clearable(text(4096)),
});

export const mapping = resource({
  id: z.string(),
  environment: answeredReference,
  rule: answeredReference,
  name: z.string(),
  sourceAttribute: z.string().optional(),
  expression: z.string().optional(),
  targetAttribute: z.string(),
  attributeMappingType: z.enum(MAPPING_TYPES),
  createOnly: z.boolean(),
  trim: z.boolean(),
  characterCase: z.enum(CHARACTER_CASES),
  parser: z.enum(MAPPING_PARSERS),
  defaultValue: z.string().optional(),
  warnings,
});
export type MappingBody = z.input<typeof mapping>;
export const mappings = collection('mappings', mapping);

export const revision = resource({
  id: z.string(),
  environment: answeredReference,
  createdAt: timestamp,
  createdBy: answeredReference.optional(),
  previousRevision: answeredReference.optional(),
});
export const revisions = collection('revisions', revision);
