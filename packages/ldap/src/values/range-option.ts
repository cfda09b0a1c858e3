/** The slice of a large multi-valued attribute that a server returned under `attribute;range=from-to`. */
export interface RangedAttribute {
  /** The description without the range, other options kept. */
  readonly attribute: string;
  /** Index of the first value, zero-based. */
  readonly from: number;
  /** Index of the last value, inclusive; undefined: this slice is the last one (`*`). */
  readonly to: number | undefined;
}

const RANGE = /^([^;]+(?:;[^;]+)*?);range=(\d{1,10})-(\d{1,10}|\*)((?:;[^;]+)*)$/i;

/**
 * Reads an attribute description with a range option (Active Directory's ranged retrieval); undefined when there is
 * none. DirSync uses the same option with another meaning: `1-1` for added and `0-0` for removed values.
 */
export function readRange(description: string): RangedAttribute | undefined {
  const parts = RANGE.exec(description);
  if (parts === null) return undefined;
  return {
    attribute: `${parts[1]}${parts[4]}`,
    from: Number(parts[2]),
    to: parts[3] === '*' ? undefined : Number(parts[3]),
  };
}

/** The description that asks for all values from index `from` on. */
export function rangeRequest(attribute: string, from: number): string {
  return `${attribute};range=${from}-*`;
}
