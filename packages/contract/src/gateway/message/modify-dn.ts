import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { dnSchema } from '../field/text.ts';

/** Server → instance: rename or move an entry (RFC 4511 §4.9). */
export const modifyDnSchema = z.object({
  type: z.literal('modifyDn'),
  id: operationIdSchema,
  dn: dnSchema,
  newRdn: dnSchema.min(1),
  deleteOldRdn: z.boolean(),
  newSuperior: dnSchema.optional(),
  controls: controlsSchema.optional(),
});

export type ModifyDnMessage = z.infer<typeof modifyDnSchema>;
