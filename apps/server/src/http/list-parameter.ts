import { refuseValue } from './refuse.ts';

/**
 * The names in a comma-separated parameter such as `include` or `expand`. One that nothing is known of is refused: the client
 * would look in vain for what it asked for. @throws CodedError INVALID_DATA
 */
export function listOf<const K extends string>(
  parameter: string,
  text: string | undefined,
  known: readonly K[],
): ReadonlySet<K> {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0)
    refuseValue(
      'INVALID_PARAMETER',
      parameter,
      `${parameter} takes ${known.join(', ')}; found ${unknown.join(', ')}`,
    );
  return new Set(known.filter((one) => names.includes(one)));
}
