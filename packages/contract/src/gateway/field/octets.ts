import { z } from 'zod';

/** Bytes in a JSON message: base64 (RFC 4648 §4, padded). */
export const octetsSchema = z.base64();

/** Reads base64 that `octetsSchema` has let through. */
export function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

/** Bytes, or text as UTF-8, in base64. */
export function toBase64(value: string | Uint8Array): string {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('base64');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
