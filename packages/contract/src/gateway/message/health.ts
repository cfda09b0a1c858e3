import { z } from 'zod';
import { messageTextSchema } from '../field/text.ts';

/** Instance → server: how it stands with its directory; on every change and at the reporting interval. */
export const healthSchema = z.object({
  type: z.literal('health'),
  /** `sequence` of the configuration at work, 0 before the first one. */
  configurationSequence: z.int().min(0),
  /** A directory server answers. */
  reachable: z.boolean(),
  /** The service account is signed on. */
  bound: z.boolean(),
  /** `host:port` that answers now. */
  server: z.string().max(300).optional(),
  /** Why it is not healthy. */
  error: z.object({ code: z.string().max(128), message: messageTextSchema }).optional(),
  checkedAt: z.iso.datetime(),
});

export type HealthMessage = z.infer<typeof healthSchema>;
