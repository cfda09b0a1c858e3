import * as z from 'zod';
import { answeredReference, collection, pageQuery, resource, timestamp } from './common.ts';

export const activity = resource({
  id: z.string(),
  environment: answeredReference,
  recordedAt: timestamp,
  action: z.object({ type: z.string() }),
  actors: z.object({ client: z.object({ id: z.string(), name: z.string() }).optional() }),
  resources: z.array(z.object({ type: z.string(), id: z.string(), name: z.string().optional() })),
  result: z.object({ status: z.enum(['SUCCESS', 'FAILED']), description: z.string() }),
});
export type ActivityBody = z.input<typeof activity>;
export const activities = collection('activities', activity);
export const activityQuery = pageQuery;
