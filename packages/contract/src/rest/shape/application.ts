import * as z from 'zod';
import { ROLES } from '../role.ts';
import { answeredReference, clearable, collection, resource, text, timestamp } from './common.ts';

/** A role and where it counts: in one environment, or in every environment of the organization. */
export const roleAssignmentInput = z.object({
  role: z.enum(ROLES),
  scope: clearable(z.enum(['ENVIRONMENT', 'ORGANIZATION'])),
});

export const applicationInput = z.object({
  name: text(256),
  description: clearable(z.string().max(1024)),
  enabled: clearable(z.boolean()),
  type: clearable(z.literal('WORKER')),
  roles: z.array(roleAssignmentInput).min(1).max(20),
});

export const application = resource({
  id: z.string(),
  environment: answeredReference,
  name: z.string(),
  description: z.string().optional(),
  enabled: z.boolean(),
  type: z.literal('WORKER'),
  protocol: z.literal('OPENID_CONNECT'),
  grantTypes: z.array(z.string()),
  roles: z.array(z.object({ role: z.enum(ROLES), scope: z.enum(['ENVIRONMENT', 'ORGANIZATION']) })),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type ApplicationBody = z.input<typeof application>;
/** `secret` is answered once, at creation or rotation. */
export const newApplication = application.extend({ secret: z.string() });
export const applicationSecret = resource({ environment: answeredReference, secret: z.string() });
export const applications = collection('applications', application);
