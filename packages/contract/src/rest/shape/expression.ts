import * as z from 'zod';
import { clearable, reference, text } from './common.ts';

export const evaluateInput = z.object({
  expression: text(16_384),
  /** The data the expression looks at: attributes by name. */
  root: clearable(z.record(z.string().max(256), z.unknown())),
  /** Instead of `root`: a rule, and one object of its source. */
  rule: clearable(reference),
  object: clearable(text(1024)).meta({
    description: 'DN, key or login name of an entry, or id or username of a user.',
  }),
});

export const evaluateResult = z.object({
  result: z.unknown(),
  type: z.enum(['null', 'text', 'number', 'boolean', 'list', 'map']),
  values: z
    .array(z.string())
    .optional()
    .meta({ description: 'What a target attribute would receive; absent for what none can hold.' }),
  attributes: z.array(z.string()).meta({ description: 'Attributes the expression needs.' }),
  /** What was looked at, where it was fetched. */
  object: z.object({ key: z.string(), place: z.string() }).optional(),
  warnings: z
    .array(z.object({ code: z.string(), position: z.number(), found: z.string(), message: z.string() }))
    .optional(),
});
