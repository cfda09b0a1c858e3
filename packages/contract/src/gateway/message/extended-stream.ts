import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { octetsSchema } from '../field/octets.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { oidSchema } from '../field/text.ts';

/**
 * Server → instance: an extended operation whose intermediate responses (RFC 4511 §4.13) are wanted. They come as frames,
 * like the entries of a search; then one `result` or `failure`.
 */
export const extendedStreamSchema = z.object({
  type: z.literal('extendedStream'),
  id: operationIdSchema,
  oid: oidSchema,
  value: octetsSchema.optional(),
  controls: controlsSchema.optional(),
  /** Longest silence of the directory before the operation counts as lost; absent: the instance's own choice. */
  silenceTimeoutMs: z.int().min(1).max(86_400_000).optional(),
  /** Bytes of payload the instance may send before the first `credit`. */
  creditBytes: z.int().min(1),
});

export type ExtendedStreamMessage = z.infer<typeof extendedStreamSchema>;
