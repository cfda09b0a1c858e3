/** The values that a ranged attribute carries: zero-based, inclusive; `last` undefined stands for `*`. */
export interface ValueRange {
  readonly first: number;
  readonly last: number | undefined;
}

/** An attribute description taken apart (RFC 4512 §2.5); type and options in lower case, options sorted. */
export interface AttributeDescription {
  readonly type: string;
  readonly options: readonly string[];
  /** AD's `range=` option ([MS-ADTS] 3.1.1.3.1.3.3). */
  readonly range?: ValueRange;
}

/** Takes `userCertificate;binary` or `member;range=0-1499` apart. Never fails: what is no range is an option. */
export function parseAttributeDescription(description: string): AttributeDescription {
  const [type = '', ...options] = description.toLowerCase().split(';');
  options.sort();
  const range = options.map(readRange).find((found) => found !== undefined);
  return { type, options, ...(range === undefined ? {} : { range }) };
}

function readRange(option: string): ValueRange | undefined {
  const match = /^range=(\d{1,9})-(\d{1,9}|\*)$/.exec(option);
  if (match === null) return undefined;
  return { first: Number(match[1]), last: match[2] === '*' ? undefined : Number(match[2]) };
}
