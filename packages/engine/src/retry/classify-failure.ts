/**
 * `transient`: try again, with backoff and without limit. `throttled`: the same, but not before the time it names.
 * `permanent`: trying again gives the same answer until somebody changes something; polls go on at the slowest pace.
 */
export type FailureClass =
  | { readonly kind: 'transient' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly kind: 'permanent' };

const PERMANENT_CODES = new Set(['INVALID_MAPPINGS']);

function property(error: object, name: string): unknown {
  return Object.entries(error).find(([key]) => key === name)?.[1];
}

/**
 * Errors may say for themselves what they are, by `retryable` (boolean) and `retryAfterMs` (number); the engine knows no
 * protocol, so whatever says nothing is transient: giving up on a directory that only restarts is the costlier mistake.
 */
export function classifyFailure(error: unknown): FailureClass {
  if (typeof error !== 'object' || error === null) return { kind: 'transient' };
  const after = property(error, 'retryAfterMs');
  if (typeof after === 'number' && after > 0) return { kind: 'throttled', retryAfterMs: after };
  const code = property(error, 'code');
  if (property(error, 'retryable') === false || (typeof code === 'string' && PERMANENT_CODES.has(code)))
    return { kind: 'permanent' };
  return { kind: 'transient' };
}
