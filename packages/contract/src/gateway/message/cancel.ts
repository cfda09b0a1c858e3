import { z } from 'zod';
import { operationIdSchema } from '../field/operation-id.ts';

/** Server → instance: nobody waits for this operation any more. It is still answered, so that its id can be freed. */
export const cancelSchema = z.object({ type: z.literal('cancel'), id: operationIdSchema });

export type CancelMessage = z.infer<typeof cancelSchema>;
