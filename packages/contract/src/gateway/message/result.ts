import { z } from 'zod';
import { ldapResultSchema } from '../field/ldap-result.ts';
import { octetsSchema } from '../field/octets.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { oidSchema } from '../field/text.ts';

/** Instance → server: the operation was done; of a search or watch, the end after its last frame. So of an extended stream. */
export const resultSchema = z.object({
  type: z.literal('result'),
  id: operationIdSchema,
  result: ldapResultSchema,
  /** Search: entries and pages counted on the way. */
  entryCount: z.int().min(0).optional(),
  pages: z.int().min(0).optional(),
  /** Extended stream: intermediate responses counted on the way. */
  intermediateCount: z.int().min(0).optional(),
  /** Extended operation: response name and value. */
  oid: oidSchema.optional(),
  value: octetsSchema.optional(),
});

export type ResultMessage = z.infer<typeof resultSchema>;
