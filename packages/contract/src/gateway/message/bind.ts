import { z } from 'zod';
import { controlsSchema } from '../field/control.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { dnSchema } from '../field/text.ts';

/**
 * Server → instance: check a password by a simple bind on a connection of its own (pass-through authentication).
 * Neither DN nor password may be empty: a server would take that as anonymous and say success (RFC 4513 §5.1.2).
 */
export const bindSchema = z.object({
  type: z.literal('bind'),
  id: operationIdSchema,
  dn: dnSchema.min(1),
  password: z.string().min(1).max(4_096),
  controls: controlsSchema.optional(),
});

export type BindMessage = z.infer<typeof bindSchema>;
