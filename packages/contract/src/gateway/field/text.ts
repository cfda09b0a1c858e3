import { z } from 'zod';

/** A distinguished name; empty is the root DSE. */
export const dnSchema = z.string().max(32_768);

/** An attribute description with its options, or an OID. */
export const attributeNameSchema = z.string().min(1).max(1_024);

/** An object identifier (RFC 4512 §1.4 numericoid). */
export const oidSchema = z
  .string()
  .max(256)
  .regex(/^\d+(\.\d+)+$/);

/** Free text from a server or a fault: what people read, never parsed. */
export const messageTextSchema = z.string().max(65_536);
