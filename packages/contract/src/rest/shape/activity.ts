import * as z from 'zod';
import { answeredReference, collection, filterQuery, resource, timestamp } from './common.ts';

export const activity = resource({
  id: z.string(),
  environment: answeredReference,
  recordedAt: timestamp,
  action: z.object({ type: z.string() }),
  /** `SERVER`: nobody asked for it by name, such as the end of a run. */
  actors: z.object({
    client: z
      .object({ id: z.string(), name: z.string(), type: z.enum(['APPLICATION', 'SERVER']).optional() })
      .optional(),
  }),
  /** The first is what it was done to, and what lists are narrowed by. */
  resources: z.array(z.object({ type: z.string(), id: z.string(), name: z.string().optional() })),
  result: z.object({ status: z.enum(['SUCCESS', 'FAILED']), description: z.string() }),
});
export type ActivityBody = z.input<typeof activity>;
export const activities = collection('activities', activity);
/** `recordedAt gt|ge|lt|le`, and `eq` of `resources.id`, `resources.type`, `actors.client.id` and `action.type`, joined by `and`. */
export const activityQuery = filterQuery;
