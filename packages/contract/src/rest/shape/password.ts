import * as z from 'zod';
import { answeredReference, clearable, id, reference, resource, timestamp } from './common.ts';

/** Longest password that is looked at; PingOne's policy stops at 255. */
const password = z.string().min(1, 'expected at least 1 character').max(1024, 'expected at most 1024');

const correlationAttributes = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'expected the name of an LDAP attribute'),
    z.string().min(1, 'expected a value').max(1024, 'expected at most 1024 characters'),
  )
  .refine((values) => Object.keys(values).length > 0, 'expected at least one attribute')
  .refine((values) => Object.keys(values).length <= 20, 'expected at most 20 attributes');

/** Who checks the password instead of us: the directory behind a gateway, which finds the user by these attributes. */
export const passwordGatewayInput = z.object({
  id,
  type: z.string().optional(),
  userType: reference,
  correlationAttributes,
});
const external = z.object({ gateway: passwordGatewayInput });

const forceChange = clearable(z.boolean());
const bypassPolicy = clearable(z.boolean());

/** `password` of a new user. */
export const newPasswordInput = z.object({
  value: clearable(password),
  forceChange,
  external: clearable(external),
});
export const passwordSetInput = z.object({
  value: password,
  forceChange,
  bypassPolicy,
  external: clearable(external),
});
/** Without a value the password is taken away. */
export const passwordSetValueInput = z.object({ value: clearable(password), forceChange, bypassPolicy });
export const passwordResetInput = z.object({ currentPassword: password, newPassword: password });
/** An empty one is an answer of its own, and not a malformed request. */
export const passwordCheckInput = z.object({ password: z.string().max(1024, 'expected at most 1024') });

export const PASSWORD_STATUSES = [
  'OK',
  'NO_PASSWORD',
  'PASSWORD_EXPIRED',
  'PASSWORD_LOCKED_OUT',
  'MUST_CHANGE_PASSWORD',
  'EXTERNAL',
] as const;

/** What is said of a password: never the password. */
export const passwordState = resource({
  environment: answeredReference,
  user: answeredReference,
  passwordPolicy: answeredReference,
  status: z.enum(PASSWORD_STATUSES),
  lastChangedAt: timestamp.optional(),
  secondsUntilUnlock: z.number().optional(),
  external: z
    .object({
      gateway: z.object({
        id: z.string(),
        type: z.string(),
        userType: answeredReference,
        correlationAttributes: z.record(z.string(), z.string()),
      }),
    })
    .optional(),
});
export type PasswordStateBody = z.input<typeof passwordState>;
