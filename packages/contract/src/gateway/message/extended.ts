import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { octetsSchema } from '../field/octets.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { oidSchema } from '../field/text.ts';

/** Server → instance: an extended operation (RFC 4511 §4.12). */
export const extendedSchema = z.object({
  type: z.literal('extended'),
  id: operationIdSchema,
  oid: oidSchema,
  value: octetsSchema.optional(),
  controls: controlsSchema.optional(),
});

export type ExtendedMessage = z.infer<typeof extendedSchema>;
