import * as z from 'zod';
import { clearable, text } from './common.ts';

export const evaluateInput = z.object({
  expression: text(16_384),
  /** Values as the source would send them, by attribute name. */
  attributes: clearable(z.record(z.string().max(256), z.union([z.string(), z.array(z.string())]))),
});

export const evaluateResult = z.object({
  values: z.array(z.string()),
  type: z.string(),
  attributes: z.array(z.string()).meta({ description: 'Source attributes the expression reads.' }),
  error: z.object({ code: z.string(), message: z.string(), position: z.number().optional() }).optional(),
});
