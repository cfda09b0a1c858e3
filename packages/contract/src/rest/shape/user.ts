import * as z from 'zod';
import {
  answeredReference,
  clearable,
  collection,
  filterQuery,
  reference,
  resource,
  timestamp,
} from './common.ts';
import { newPasswordInput } from './password.ts';
import { population } from './population.ts';

/**
 * Profile attributes are typed for callers and documented here, but judged in one place, by the model: it knows their limits
 * and lists every fault of a profile at once.
 */
const text = z
  .custom<string | null>()
  .optional()
  .meta({ type: ['string', 'null'] });

function parts<const N extends readonly string[]>(names: N) {
  return z
    .custom<{ readonly [K in N[number]]?: string | null | undefined } | null>()
    .optional()
    .meta({
      type: ['object', 'null'],
      properties: Object.fromEntries(names.map((name) => [name, { type: ['string', 'null'] }])),
    });
}

const writable = {
  email: text,
  name: parts(['given', 'middle', 'family', 'formatted', 'honorificPrefix', 'honorificSuffix']),
  nickname: text,
  title: text,
  type: text,
  locale: text,
  preferredLanguage: text,
  timezone: text,
  primaryPhone: text,
  mobilePhone: text,
  address: parts(['streetAddress', 'locality', 'region', 'postalCode', 'countryCode']),
  photo: parts(['href']),
  externalId: text,
  accountId: text,
} as const;

const username = z.custom<string>().optional().meta({ type: 'string' });

const createOnly = {
  population: clearable(reference),
  enabled: clearable(z.boolean()),
  mfaEnabled: clearable(z.boolean()),
  password: clearable(newPasswordInput),
} as const;

/** Loose: whatever else the body holds is looked up among the custom attributes. */
export const userCreateInput = z.looseObject({ username, ...writable, ...createOnly });

/** Import may set what the system otherwise finds out by itself. */
export const userImportInput = z.looseObject({
  username,
  ...writable,
  ...createOnly,
  emailVerified: clearable(z.boolean()),
  lifecycle: clearable(z.object({ status: clearable(z.enum(['ACCOUNT_OK', 'VERIFICATION_REQUIRED'])) })),
});

/** `enabled`, `population` and `mfaEnabled` have calls of their own and are read-only here. */
export const userReplaceInput = z.looseObject({ username, ...writable });
export const userMergeInput = z.looseObject({ username, ...writable });

export const userEnabled = z.object({ enabled: z.boolean() });
export const userMfaEnabled = z.object({ mfaEnabled: z.boolean() });
export const userPopulationInput = z.object({ id: reference.shape.id });
export const userPopulation = resource({ id: z.string() });

/** Loose: custom attributes sit at the top level under their own names. */
export const user = z.looseObject({
  _links: resource({}).shape._links,
  id: z.string(),
  environment: answeredReference,
  username: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean().optional(),
  name: z
    .object({
      given: z.string().optional(),
      middle: z.string().optional(),
      family: z.string().optional(),
      formatted: z.string().optional(),
      honorificPrefix: z.string().optional(),
      honorificSuffix: z.string().optional(),
    })
    .optional(),
  nickname: z.string().optional(),
  title: z.string().optional(),
  type: z.string().optional(),
  locale: z.string().optional(),
  preferredLanguage: z.string().optional(),
  timezone: z.string().optional(),
  primaryPhone: z.string().optional(),
  mobilePhone: z.string().optional(),
  address: z
    .object({
      streetAddress: z.string().optional(),
      locality: z.string().optional(),
      region: z.string().optional(),
      postalCode: z.string().optional(),
      countryCode: z.string().optional(),
    })
    .optional(),
  photo: z.object({ href: z.string() }).optional(),
  externalId: z.string().optional(),
  accountId: z.string().optional(),
  enabled: z.boolean(),
  mfaEnabled: z.boolean(),
  population: answeredReference,
  /** Only with `include=memberOfGroupIDs` and `memberOfGroupNames`: direct and indirect ones. */
  memberOfGroupIDs: z.array(z.string()).optional(),
  memberOfGroupNames: z.array(z.string()).optional(),
  account: z.object({
    canAuthenticate: z.boolean(),
    status: z.enum(['OK', 'LOCKED']),
    lockedAt: timestamp.optional(),
  }),
  lifecycle: z.object({ status: z.string() }),
  identityProvider: z.object({ id: z.string().optional(), type: z.string() }),
  verifyStatus: z.string(),
  createdAt: timestamp,
  updatedAt: timestamp,
  /** Only with `expand=population`. */
  _embedded: z.object({ population }).optional(),
});
export type UserBody = z.input<typeof user>;
export const users = collection('users', user);
export const userQuery = filterQuery.extend({
  include: z.string().optional(),
  expand: z.string().optional(),
});

export const syncedRule = resource({
  environment: answeredReference,
  rule: z.object({ id: z.string(), name: z.string() }),
  sourceStore: z.object({ id: z.string(), name: z.string(), type: z.string() }),
  targetStore: z.object({ id: z.string(), name: z.string(), type: z.string() }),
  type: z.enum(['INBOUND', 'OUTBOUND']),
  status: z.string(),
  lastSyncAt: timestamp.optional(),
  details: z.string(),
});
export const syncedRules = collection('syncedRules', syncedRule);
