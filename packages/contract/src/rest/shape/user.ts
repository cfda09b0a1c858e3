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

// The two text classes of the user schema: any letters, marks, spaces, symbols, digits and punctuation; and plain names.
const TEXT = /^[\p{L}\p{M}\p{Zs}\p{S}\p{N}\p{P}]*$/u;
const NAME = /^[\p{L}\p{M}\p{N}' .-]*$/u;
const ADDRESS = /^[\p{L}\p{M}\p{N}\p{Zs}\p{P}\r\n]*$/u;

const general = (maximum: number) =>
  z.string().min(1).max(maximum).regex(TEXT, 'expected letters, digits, spaces, symbols or punctuation');
const plainName = z.string().min(1).max(256).regex(NAME, "expected letters, digits, spaces, or any of ' . -");
const phone = z.string().min(1).max(32).regex(/\d/, 'expected at least one digit');

/** Each attribute absent or `null`: see `clearable`. Whatever else the body holds is looked up among the custom attributes. */
const writable = {
  email: clearable(
    z
      .string()
      .max(256)
      .regex(/^[^\s@<>]+@[^\s@<>]+$/u, 'expected an e-mail address'),
  ),
  name: clearable(
    z.object({
      given: clearable(general(256)),
      middle: clearable(general(256)),
      family: clearable(plainName),
      formatted: clearable(plainName),
      honorificPrefix: clearable(general(256)),
      honorificSuffix: clearable(general(256)),
    }),
  ),
  nickname: clearable(general(256)),
  title: clearable(general(256)),
  type: clearable(general(256)),
  locale: clearable(
    z
      .string()
      .max(256)
      .regex(/^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*$/, 'expected a language tag such as en-GB'),
  ),
  preferredLanguage: clearable(
    z
      .string()
      .max(256)
      .regex(
        /^[A-Za-z*]{1,8}(-[A-Za-z0-9]{1,8})*(\s*;\s*q=[01](\.\d{1,3})?)?(\s*,\s*[A-Za-z*]{1,8}(-[A-Za-z0-9]{1,8})*(\s*;\s*q=[01](\.\d{1,3})?)?)*$/,
        'expected languages as in Accept-Language, such as en-gb;q=0.8, en;q=0.7',
      ),
  ),
  timezone: clearable(
    z
      .string()
      .max(256)
      .regex(/^\w+\/\w+$/, 'expected a time zone such as Europe/Berlin'),
  ),
  primaryPhone: clearable(phone),
  mobilePhone: clearable(phone),
  address: clearable(
    z.object({
      streetAddress: clearable(
        z
          .string()
          .min(1)
          .max(256)
          .regex(ADDRESS, 'expected letters, digits, spaces, punctuation or line breaks'),
      ),
      locality: clearable(general(256)),
      region: clearable(general(256)),
      postalCode: clearable(general(40)),
      countryCode: clearable(z.string().regex(/^[A-Z]{2}$/, 'expected two capital letters (ISO 3166-1)')),
    }),
  ),
  photo: clearable(
    z.object({
      href: clearable(
        z
          .string()
          .max(2048)
          .regex(/^https?:\/\/\S+$/, 'expected an http or https URL'),
      ),
    }),
  ),
  externalId: clearable(z.string().min(1).max(1024)),
  accountId: clearable(z.string().min(1).max(1024)),
} as const;

const username = general(128);

const createOnly = {
  population: clearable(reference),
  enabled: clearable(z.boolean()),
  mfaEnabled: clearable(z.boolean()),
} as const;

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
export const userMergeInput = z.looseObject({ username: username.optional(), ...writable });
export type UserWritable = z.output<typeof userMergeInput>;

export const USER_WRITABLE_NAMES: readonly string[] = ['username', ...Object.keys(writable)];

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
