import { ApiError } from '@sallyport/contract';
import { isConnectionLoss } from '../session/connection.ts';

/** What a person is told about something that went wrong. */
export interface ErrorWords {
  readonly title: string;
  readonly message: string;
  /** Each fault the server listed, with the property it concerns. */
  readonly details: readonly { readonly code: string; readonly target?: string; readonly message: string }[];
  /** The API's code. */
  readonly code?: string;
  /** Under this id the server's log has more. */
  readonly id?: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The server refused this',
  401: 'The session is over',
  403: 'Not allowed for this application',
  404: 'Nothing is there',
  409: 'Something else is in the way',
  429: 'Too many requests',
  503: 'The server is not ready',
};

/** The one place where errors become words. */
export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ApiError) return apiWords(error);
  if (isConnectionLoss(error))
    return {
      title: 'The server cannot be reached',
      message:
        'No answer came. The console tries again by itself; check that the server runs and the network is up.',
      details: [],
    };
  if (isShapeError(error))
    return {
      title: 'The answer is not understood',
      message:
        'Server and console seem to be of different versions. Reload the page; if this stays, update the server.',
      details: error.issues.slice(0, 5).map((issue) => ({
        code: 'UNEXPECTED_SHAPE',
        target: issue.path.map(String).join('.'),
        message: issue.message,
      })),
    };
  return {
    title: 'Something went wrong in the console',
    message: error instanceof Error ? error.message : String(error),
    details: [],
  };
}

function apiWords(error: ApiError): ErrorWords {
  const wait = error.retryAfterSeconds;
  const title =
    TITLES[error.status] ?? (error.status >= 500 ? 'The server failed' : 'The server refused this');
  const message = withoutDetails(error);
  const details = error.details
    .filter((detail) => !message.includes(detail.message) || detail.target !== undefined)
    .map((detail) => ({
      code: detail.code,
      message: detail.message,
      ...(detail.target === undefined ? {} : { target: detail.target }),
    }));
  return {
    title,
    message: wait === undefined ? message : `${message} Try again in ${wait} s.`,
    details,
    code: error.code,
    ...(error.id === undefined || error.id === '' ? {} : { id: error.id }),
  };
}

/** The error's text ends with that of its details, for terminals and logs; here each has a line of its own. */
function withoutDetails(error: ApiError): string {
  const said = error.details.map((detail) => ` ${detail.message}`).join('');
  return said !== '' && error.message.endsWith(said) ? error.message.slice(0, -said.length) : error.message;
}

interface ShapeError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** The contract's client checks answers against their schema and throws what the schema library throws. */
function isShapeError(error: unknown): error is ShapeError {
  return error instanceof Error && 'issues' in error && Array.isArray(error.issues);
}
