import { z } from 'zod';
import { octetsSchema } from './octets.ts';
import { attributeNameSchema } from './text.ts';

/** An attribute with its values, each in base64: a directory's values are bytes, and only the reader knows which are text. */
export const attributeSchema = z.object({
  type: attributeNameSchema,
  values: z.array(octetsSchema).max(1_000_000),
});

export type AttributeField = z.infer<typeof attributeSchema>;
