import { z } from 'zod';
import { messageTextSchema } from '../field/text.ts';

/**
 * Server → instance: this node is going away. Open a new connection at once; what is in flight on this one is finished
 * on this one, and nothing new is asked of it.
 */
export const moveSchema = z.object({ type: z.literal('move'), reason: messageTextSchema });

export type MoveMessage = z.infer<typeof moveSchema>;
