import * as z from 'zod';

/** The body of every answer that is not a success. `id` is also in the server's log. */
export const errorBody = z.object({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  details: z
    .array(
      z.object({
        code: z.string(),
        target: z.string().optional(),
        message: z.string(),
        innerError: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
});
export type ErrorBody = z.output<typeof errorBody>;
