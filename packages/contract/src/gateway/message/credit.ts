import { z } from 'zod';
import { operationIdSchema } from '../field/operation-id.ts';

/**
 * Server → instance: so many more bytes of payload may be sent on this stream. Bytes, not batches, so that small
 * batches of a slow directory cost no round trip each. An instance may send while its credit is above zero and so
 * overdraw it by less than one frame.
 */
export const creditSchema = z.object({
  type: z.literal('credit'),
  id: operationIdSchema,
  bytes: z.int().min(1),
});

export type CreditMessage = z.infer<typeof creditSchema>;
