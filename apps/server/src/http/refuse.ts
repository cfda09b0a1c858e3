import { CodedError, type ErrorCode, type ErrorDetail, readUuid, type Uuid } from '@sallyport/model';

export interface Warning {
  readonly code: ErrorCode;
  readonly target: string;
  readonly message: string;
}

/** Collects faults of one request, so that the client learns of all of them at once. */
export class Faults {
  readonly #details: ErrorDetail[] = [];
  readonly #warnings: Warning[] = [];

  /** `innerError`: the fault as data, for programs that show or mend it. */
  add(code: ErrorCode, target: string, message: string, innerError?: ErrorDetail['innerError']): void {
    this.#details.push({ code, target, message, ...(innerError === undefined ? {} : { innerError }) });
  }

  /** Accepted, but hardly meant. */
  warn(code: ErrorCode, target: string, message: string): void {
    this.#warnings.push({ code, target, message });
  }

  /** What goes into an answer: nothing where there is nothing to say. */
  get warningsBody(): { readonly warnings?: Warning[] } {
    return this.#warnings.length === 0 ? {} : { warnings: [...this.#warnings] };
  }

  get details(): readonly ErrorDetail[] {
    return this.#details;
  }

  /** Throws INVALID_DATA with everything collected, if anything was. */
  throwIfAny(): void {
    if (this.#details.length > 0) throw invalidData(this.#details);
  }
}

/**
 * What several checks of one request found out, none of which needs another: the faults of all of them make one refusal.
 * @throws CodedError INVALID_DATA; as it is, whatever says nothing of the request's data
 */
export async function together<const T extends readonly unknown[]>(
  checks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const details: ErrorDetail[] = [];
  for (const one of await Promise.allSettled(checks)) {
    if (one.status === 'fulfilled') continue;
    const error: unknown = one.reason;
    if (!(error instanceof CodedError) || error.details.length === 0) throw error;
    details.push(...error.details);
  }
  if (details.length > 0) throw invalidData(details);
  return Promise.all(checks);
}

export function invalidData(details: readonly ErrorDetail[]): CodedError {
  return new CodedError('INVALID_DATA', details.map(({ message }) => message).join('; '), { details });
}

export function refuseValue(code: ErrorCode, target: string, message: string): never {
  throw invalidData([{ code, target, message }]);
}

/** Nothing is there, or nothing the caller may know of: the answer is the same. */
export function notFound(what: string): CodedError {
  return new CodedError('NOT_FOUND', `There is no such ${what}`);
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw notFound(what);
  return value;
}

/** An id of a path. What is no UUID names nothing. */
export function idOf(text: string, what: string): Uuid {
  return found(readUuid(text), what);
}

/** An id of a body, already checked to be a UUID by its schema. */
export function bodyId(text: string): Uuid {
  const id = readUuid(text);
  if (id === undefined) throw new TypeError('The schema of the body let a malformed id through');
  return id;
}
