/** Keys asked for at once: small enough for one filter, large enough to be few. */
export const KEYS_AT_ONCE = 500;

export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const made: T[][] = [];
  for (let at = 0; at < items.length; at += size) made.push(items.slice(at, at + size));
  return made;
}
