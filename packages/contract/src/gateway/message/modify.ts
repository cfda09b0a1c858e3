import { z } from 'zod';
import { attributeSchema } from '../field/attribute.ts';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { dnSchema } from '../field/text.ts';

/** Server → instance: change an entry (RFC 4511 §4.6; `increment` is RFC 4525). */
export const modifySchema = z.object({
  type: z.literal('modify'),
  id: operationIdSchema,
  dn: dnSchema,
  changes: z
    .array(attributeSchema.extend({ operation: z.enum(['add', 'delete', 'replace', 'increment']) }))
    .max(100_000),
  controls: controlsSchema.optional(),
});

export type ModifyMessage = z.infer<typeof modifySchema>;
