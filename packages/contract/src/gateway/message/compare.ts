import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { octetsSchema } from '../field/octets.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { attributeNameSchema, dnSchema } from '../field/text.ts';

/** Server → instance: compare one value (RFC 4511 §4.10); the result code says true or false. */
export const compareSchema = z.object({
  type: z.literal('compare'),
  id: operationIdSchema,
  dn: dnSchema,
  attribute: attributeNameSchema,
  value: octetsSchema,
  controls: controlsSchema.optional(),
});

export type CompareMessage = z.infer<typeof compareSchema>;
