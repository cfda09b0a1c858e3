import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CAPABILITIES } from './capability.ts';
import { CLOSE_CODE } from './close-code.ts';
import { downMessageSchema } from './down-message.ts';
import { FRAME_FLAG, FRAME_HEADER_BYTES } from './frame.ts';
import { GATEWAY_PROTOCOL } from './protocol.ts';
import { upMessageSchema } from './up-message.ts';

/** The whole contract as one JSON value: both unions as JSON Schema, the frame's layout, capabilities, close codes. */
export function contractShape(): unknown {
  return {
    protocol: GATEWAY_PROTOCOL,
    down: z.toJSONSchema(downMessageSchema),
    up: z.toJSONSchema(upMessageSchema),
    frame: { headerBytes: FRAME_HEADER_BYTES, flags: FRAME_FLAG },
    capabilities: CAPABILITIES,
    closeCodes: CLOSE_CODE,
  };
}

/** SHA-256 (hex) of the shape with its keys in order, so that moving code about changes nothing. */
export function contractShapeHash(): string {
  return createHash('sha256').update(canonical(contractShape())).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
