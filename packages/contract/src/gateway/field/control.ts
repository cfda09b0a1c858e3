import { z } from 'zod';
import { octetsSchema } from './octets.ts';
import { oidSchema } from './text.ts';

/** An LDAP control (RFC 4511 §4.1.11), its value in base64. */
export const controlSchema = z.object({
  oid: oidSchema,
  critical: z.boolean(),
  value: octetsSchema.optional(),
});

export type ControlField = z.infer<typeof controlSchema>;

export const controlsSchema = z.array(controlSchema).max(64);
