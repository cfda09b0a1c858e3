/** What a reader accepts before it refuses, so that input never decides how much work it causes. */
export interface BerLimits {
  /** Nested constructed elements; a filter of this depth is still read. */
  readonly maxDepth: number;
  /** Content octets of one element. */
  readonly maxLengthBytes: number;
  /** Elements read from one message, at any depth. */
  readonly maxElements: number;
}

/** Wide enough for a group of two million members in one entry, and for nothing absurd. */
export const DEFAULT_BER_LIMITS: BerLimits = {
  maxDepth: 100,
  maxLengthBytes: 256 * 1024 * 1024,
  maxElements: 4_000_000,
};
