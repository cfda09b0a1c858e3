import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { dnSchema } from '../field/text.ts';

/** Server → instance: delete an entry (RFC 4511 §4.8). */
export const deleteSchema = z.object({
  type: z.literal('delete'),
  id: operationIdSchema,
  dn: dnSchema,
  controls: controlsSchema.optional(),
});

export type DeleteMessage = z.infer<typeof deleteSchema>;
