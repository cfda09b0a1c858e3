import { type ErrorBody, errorBody } from '../shape/error.ts';

/** An answer that is not a success. The message holds what the server said, details included. */
export class ApiError extends Error {
  readonly status: number;
  /** The API's code, such as `INVALID_DATA`; finer codes are in `details`. */
  readonly code: string;
  /** Find it in the server's log. */
  readonly id: string | undefined;
  readonly details: NonNullable<ErrorBody['details']>;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: unknown, retryAfter: string | null) {
    const parsed = errorBody.safeParse(body);
    super(
      parsed.success
        ? [parsed.data.message, ...(parsed.data.details ?? []).map(({ message }) => message)].join(' ')
        : `The server answered ${status} without an error body`,
    );
    this.name = 'ApiError';
    this.status = status;
    this.code = parsed.success ? parsed.data.code : 'UNEXPECTED_ANSWER';
    this.id = parsed.success ? parsed.data.id : undefined;
    this.details = parsed.success ? (parsed.data.details ?? []) : [];
    const seconds = Number(retryAfter ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  }
}
