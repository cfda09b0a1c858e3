import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { attributeNameSchema, dnSchema } from '../field/text.ts';

/** What `search` and `watch` have in common. The filter is RFC 4515 text, so that an auditor can read the traffic. */
export const searchFields = {
  id: operationIdSchema,
  base: dnSchema,
  scope: z.enum(['base', 'one', 'sub']),
  filter: z.string().min(1).max(1_048_576),
  /** Empty: all user attributes. */
  attributes: z.array(attributeNameSchema).max(4_096),
  sizeLimit: z.int().min(0).optional(),
  timeLimitSeconds: z.int().min(0).optional(),
  typesOnly: z.boolean().optional(),
  controls: controlsSchema.optional(),
  /** Bytes of payload the instance may send before the first `credit`. */
  creditBytes: z.int().min(1),
} as const;

/** Server → instance: read. The instance pages by itself; answers are frames, then one `result` or `failure`. */
export const searchSchema = z.object({
  type: z.literal('search'),
  ...searchFields,
  /** Entries a page; 0 unpaged; absent: the instance's own choice. */
  pageSize: z.int().min(0).max(1_000_000).optional(),
});

export type SearchMessage = z.infer<typeof searchSchema>;
