import { randomBytes } from 'node:crypto';

/** A lower-case UUID in text form: every identifier of the API (RFC 9562). */
export type Uuid = string & { readonly __brand: 'Uuid' };

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): text is Uuid {
  return PATTERN.test(text);
}

/** Accepts any case, as users paste ids; answers the lower-case form or undefined. */
export function readUuid(text: string): Uuid | undefined {
  const lower = text.toLowerCase();
  return isUuid(lower) ? lower : undefined;
}

export function parseUuid(text: string): Uuid {
  const id = readUuid(text);
  if (id === undefined) throw new TypeError(`Expected a UUID, found ${JSON.stringify(text.slice(0, 60))}`);
  return id;
}

/**
 * A new id, version 7 (RFC 9562 §5.7): its first 48 bits are the time, so that rows made together lie together in an
 * index. Random ids cost a page read for each insert once a table outgrows the cache. Ids of one process rise even within
 * a millisecond: the 12 bits after the time count (§6.2, method 1), so that a list by id is a list by creation.
 */
export function newUuid(nowMs: number = Date.now()): Uuid {
  const bytes = nextRandom();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // Half of the counter's range is left for what follows in this millisecond.
    count = bytes.readUInt16BE(6) & 0x07ff;
  } else if (++count > 0x0fff) {
    lastMs += 1;
    count = 0;
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid;
}

let lastMs = 0;
let count = 0;

// One call into the random generator for 256 ids: a call costs more than the bytes it brings.
const ID_BYTES = 16;
let pool = Buffer.alloc(0);
let used = 0;

function nextRandom(): Buffer {
  if (used >= pool.length) {
    pool = randomBytes(ID_BYTES * 256);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}
