/** A fault with a place: which property of the input, or which step, and what to do about it. */
export interface ErrorDetail {
  readonly code: string;
  readonly target?: string;
  readonly message: string;
  readonly innerError?: Readonly<Record<string, unknown>>;
}

/**
 * An error that a person may meet. `code` is stable and listed in the catalogue; `message` says what was found, what was
 * expected and what to do; `details` lists every fault of a refused input.
 */
export class CodedError extends Error {
  readonly code: string;
  readonly details: readonly ErrorDetail[];

  constructor(
    code: string,
    message: string,
    options: { readonly cause?: unknown; readonly details?: readonly ErrorDetail[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.details = options.details ?? [];
  }
}
