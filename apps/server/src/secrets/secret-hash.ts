import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '@sallyport/model';

const deriveNow = promisify(argon2);
/** Of the four threads that Node computes with; signatures of tokens and files need the others. */
const MAX_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

/**
 * Each derivation takes a thread for tens of milliseconds and 19 MiB. Whoever floods the token endpoint with wrong secrets
 * must not keep everybody's access tokens, which are checked on the same threads, waiting behind them.
 */
async function derive(...parameters: Parameters<typeof deriveNow>): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await deriveNow(...parameters);
  } finally {
    // Whoever waited longest takes over the place; it is never counted as free in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

// OWASP's minimum for argon2id: 19 MiB, two passes, one lane. Written in the PHC string format, so that stronger settings
// can come later beside old hashes.
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_BYTES = 32;
const FORMAT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/-]+)\$([\w+/-]+)$/;

/** A new secret for an application or credential: 256 random bits. */
export function makeSecret(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

export async function hashSecret(secret: Secret): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', {
    message: secret.reveal(),
    nonce,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: LANES,
    tagLength: TAG_BYTES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(nonce)}$${encode(tag)}`;
}

/** Takes the same time for every wrong secret. A malformed hash matches nothing. */
export async function matchesHash(secret: Secret, hash: string): Promise<boolean> {
  const [, memory, passes, lanes, nonce, expected] = FORMAT.exec(hash) ?? [];
  if (nonce === undefined || expected === undefined) return false;
  const wanted = Buffer.from(expected, 'base64');
  const tag = await derive('argon2id', {
    message: secret.reveal(),
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: wanted.length,
  });
  return timingSafeEqual(tag, wanted);
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
