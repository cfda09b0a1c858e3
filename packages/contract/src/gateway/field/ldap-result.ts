import { z } from 'zod';
import { controlsSchema } from './control.ts';
import { dnSchema, messageTextSchema } from './text.ts';

/** What a directory answered (RFC 4511 §4.1.9) with the response's controls. */
export const ldapResultSchema = z.object({
  resultCode: z.int().min(0),
  matchedDn: dnSchema,
  diagnosticMessage: messageTextSchema,
  referrals: z.array(z.string().max(8_192)).max(1_000),
  controls: controlsSchema,
});

export type LdapResultField = z.infer<typeof ldapResultSchema>;
