import { type Position, PositionLost } from '@sallyport/engine';

/** Reads a position back; a foreign or damaged one is lost, which a full read mends. */
export function readPositionValue<T extends object>(
  position: Position,
  strategy: string,
  keys: readonly (keyof T & string)[],
): T {
  if (position.strategy !== strategy)
    throw new PositionLost(
      `the change strategy is now ${strategy}, the position was made by ${position.strategy}`,
    );
  let value: unknown;
  try {
    value = JSON.parse(position.value);
  } catch {
    throw new PositionLost(`the position of ${strategy} is not readable`);
  }
  if (!hasKeys<T>(value, keys))
    throw new PositionLost(`the position of ${strategy} has another form than this version writes`);
  return value;
}

function hasKeys<T extends object>(value: unknown, keys: readonly (keyof T & string)[]): value is T {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
