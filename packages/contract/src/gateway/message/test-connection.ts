import { z } from 'zod';
import { operationIdSchema } from '../field/operation-id.ts';

/** Server → instance: try every configured server now, on new connections, and answer with `connectionReport`. */
export const testConnectionSchema = z.object({ type: z.literal('testConnection'), id: operationIdSchema });

export type TestConnectionMessage = z.infer<typeof testConnectionSchema>;
