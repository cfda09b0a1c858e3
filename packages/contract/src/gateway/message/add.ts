import { z } from 'zod';
import { attributeSchema } from '../field/attribute.ts';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { dnSchema } from '../field/text.ts';

/** Server → instance: create an entry (RFC 4511 §4.7). */
export const addSchema = z.object({
  type: z.literal('add'),
  id: operationIdSchema,
  dn: dnSchema,
  attributes: z.array(attributeSchema).max(4_096),
  controls: controlsSchema.optional(),
});

export type AddMessage = z.infer<typeof addSchema>;
