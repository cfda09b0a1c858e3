import { z } from 'zod';

/** Instance → server: figures of the time since the previous report. */
export const metricsSchema = z.object({
  type: z.literal('metrics'),
  /** LDAP operations finished per second. */
  operationsPerSecond: z.number().min(0),
  /** Share of the time during which at least one operation was in flight, 0 to 100. */
  busyPercentage: z.number().min(0).max(100),
  /** Mean time from request to result of the operations finished, searches excepted; absent if there were none. */
  responseTimeMs: z.number().min(0).optional(),
  /** Search entries' payload sent, bytes per second. */
  streamedBytesPerSecond: z.number().min(0),
  operationsInFlight: z.int().min(0),
  rssBytes: z.int().min(0),
});

export type MetricsMessage = z.infer<typeof metricsSchema>;
