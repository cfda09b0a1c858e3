import type { z } from 'zod';
import { type DownMessage, downMessageSchema } from './down-message.ts';
import { type UpMessage, upMessageSchema } from './up-message.ts';

/**
 * What a text frame turned out to be. `unknown` is a well-formed message of a type this version does not know: the peer
 * is newer, and the reader answers by id where there is one instead of breaking the connection.
 */
export type ReadMessage<M> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'unknown'; readonly type: string; readonly id: number | undefined }
  | { readonly kind: 'invalid'; readonly id: number | undefined; readonly faults: readonly string[] };

const MAX_FAULTS = 20;

/** Reads a text frame from the server. Never throws. */
export function readDownMessage(text: string): ReadMessage<DownMessage> {
  return readMessage(text, downMessageSchema);
}

/** Reads a text frame from an instance. Never throws. */
export function readUpMessage(text: string): ReadMessage<UpMessage> {
  return readMessage(text, upMessageSchema);
}

function readMessage<M>(text: string, schema: z.ZodType<M>): ReadMessage<M> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'invalid', id: undefined, faults: ['not JSON'] };
  }
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'message', message: result.data };
  const id = readId(value);
  const type = readType(value);
  const { issues } = result.error;
  // A discriminated union reports a type outside itself as the one issue at `type`.
  if (type !== undefined && issues.length === 1 && issues[0]?.path.join('.') === 'type') {
    return { kind: 'unknown', type, id };
  }
  // Paths and expectations only: the values may be passwords.
  const faults = issues
    .slice(0, MAX_FAULTS)
    .map((issue) => `${[type ?? 'message', ...issue.path.map(String)].join('.')}: ${issue.code}`);
  return { kind: 'invalid', id, faults };
}

function readType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' && value.type.length <= 64 ? value.type : undefined;
}

function readId(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'number' && Number.isSafeInteger(value.id) && value.id > 0
    ? value.id
    : undefined;
}
