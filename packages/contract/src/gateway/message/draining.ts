import { z } from 'zod';
import { messageTextSchema } from '../field/text.ts';

/** Instance → server: this connection takes nothing new; what is in flight is finished, then it closes. */
export const drainingSchema = z.object({ type: z.literal('draining'), reason: messageTextSchema });

export type DrainingMessage = z.infer<typeof drainingSchema>;
