import { CodedError, isUuid, type JsonObject, type Uuid } from '@sallyport/model';

// From cells to values. What the store wrote it can read; anything else means a damaged or foreign file.

function corrupt(what: string, found: unknown): CodedError {
  return new CodedError(
    'STORE_CORRUPT',
    `The database holds ${JSON.stringify(String(found).slice(0, 80))} where ${what} belongs. Restore a backup`,
  );
}

export function readId(cell: unknown): Uuid {
  if (typeof cell === 'string' && isUuid(cell)) return cell;
  throw corrupt('an id', cell);
}

export function readOptionalId(cell: unknown): Uuid | undefined {
  return cell === null ? undefined : readId(cell);
}

export function readText(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  throw corrupt('a text', cell);
}

export function readOptionalText(cell: unknown): string | undefined {
  return cell === null ? undefined : readText(cell);
}

export function readNumber(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  throw corrupt('a number', cell);
}

export function readOptionalNumber(cell: unknown): number | undefined {
  return cell === null ? undefined : readNumber(cell);
}

export function readWord<T extends string>(words: readonly T[], cell: unknown): T {
  const found = words.find((word) => word === cell);
  if (found === undefined) throw corrupt(`one of ${words.join(', ')}`, cell);
  return found;
}

function readJson(cell: unknown): unknown {
  try {
    return JSON.parse(readText(cell));
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt('JSON', cell);
    throw error;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readObject(cell: unknown): JsonObject {
  const value = readJson(cell);
  if (isObject(value)) return value;
  throw corrupt('a JSON object', cell);
}

export function readOptionalObject(cell: unknown): JsonObject | undefined {
  return cell === null ? undefined : readObject(cell);
}

/** A JSON list whose elements `read` judges. */
export function readList<T>(cell: unknown, read: (element: unknown) => T): readonly T[] {
  const value = readJson(cell);
  if (Array.isArray(value)) return value.map(read);
  throw corrupt('a JSON list', cell);
}

export function readListedObject(element: unknown): JsonObject {
  if (isObject(element)) return element;
  throw corrupt('a JSON object', element);
}

export function writeOptionalJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
