import { z } from 'zod';
import { operationIdSchema } from '../field/operation-id.ts';
import { messageTextSchema } from '../field/text.ts';

/** What came of trying one server. */
export const serverReportSchema = z.object({
  server: z.string().max(300),
  /** How far it came; `signedOn` is full success. */
  reached: z.enum(['nothing', 'connected', 'signedOn']),
  elapsedMs: z.number().min(0),
  vendorName: z.string().max(1_024).optional(),
  vendorVersion: z.string().max(1_024).optional(),
  namingContexts: z.array(z.string().max(32_768)).max(1_000).optional(),
  supportedControls: z.array(z.string().max(256)).max(10_000).optional(),
  error: z.object({ code: z.string().max(128), message: messageTextSchema }).optional(),
});

export type ServerReport = z.infer<typeof serverReportSchema>;

/** Instance → server: the answer to `testConnection`, servers in the configured order. */
export const connectionReportSchema = z.object({
  type: z.literal('connectionReport'),
  id: operationIdSchema,
  servers: z.array(serverReportSchema).max(64),
});

export type ConnectionReportMessage = z.infer<typeof connectionReportSchema>;
