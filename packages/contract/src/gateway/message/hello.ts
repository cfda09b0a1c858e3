import { z } from 'zod';
import { capabilitiesSchema } from '../capability.ts';

/** What the customer's limits file allows, so that the server can show it; the instance enforces it in any case. */
export const limitsSummarySchema = z.object({
  readOnly: z.boolean(),
  allowedBases: z.array(z.string().max(32_768)).max(1_000).optional(),
  allowedOperations: z.array(z.string().max(64)).max(64).optional(),
  maxOperationsPerSecond: z.number().positive().optional(),
});

export type LimitsSummary = z.infer<typeof limitsSummarySchema>;

/** Instance → server, first message of every connection. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  /** Chosen by the instance at its start and kept over reconnects. */
  instanceId: z.guid(),
  /** Version of the gateway program, e.g. `1.4.0`. */
  version: z.string().min(1).max(64),
  /** Newest revision of this contract that the instance knows (`VERSION_HISTORY`). */
  revision: z.int().min(1),
  capabilities: capabilitiesSchema,
  hostname: z.string().min(1).max(255),
  startedAt: z.iso.datetime(),
  limits: limitsSummarySchema.optional(),
});

export type HelloMessage = z.infer<typeof helloSchema>;
