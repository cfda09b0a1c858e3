import { z } from 'zod';
import { ldapResultSchema } from '../field/ldap-result.ts';
import { operationIdSchema } from '../field/operation-id.ts';
import { messageTextSchema } from '../field/text.ts';

/** Instance → server: the operation did not succeed. */
export const failureSchema = z.object({
  type: z.literal('failure'),
  id: operationIdSchema,
  error: z.object({
    /** Stable code, e.g. `LDAP_NO_SUCH_OBJECT` or `GATEWAY_LIMIT_BASE`. */
    code: z.string().min(1).max(128),
    message: messageTextSchema,
    /** What kind of failure it is to whoever decides what happens next, e.g. `retry`, `configuration`, `gone`. */
    class: z.string().min(1).max(32),
    /** The same request may succeed later. */
    retryable: z.boolean(),
    /**
     * `notDone`: it certainly has no effect. `unknown`: the directory may have done it (the connection broke after
     * sending); only reading tells.
     */
    effect: z.enum(['notDone', 'unknown']),
    /** What the directory answered, if it answered. */
    result: ldapResultSchema.optional(),
    /** The server that refused, `host:port`. */
    server: z.string().max(300).optional(),
  }),
});

export type FailureMessage = z.infer<typeof failureSchema>;
