import type { ErrorBody } from '@sallyport/contract';
import { LdapError } from '@sallyport/ldap';
import { CodedError, type ErrorDetail, readCatalogueEntry } from '@sallyport/model';

/** Status and body of an answer that is not a success. */
export interface ErrorResponse {
  readonly status: number;
  readonly body: ErrorBody;
  /** True if the log should show the error with its stack: we did not expect it. */
  readonly unexpected: boolean;
}

/** Turns whatever was thrown into what the client sees. What nobody foresaw shows nothing but an id. */
export function errorResponse(error: unknown, id: string): ErrorResponse {
  if (error instanceof CodedError) return codedResponse(error, id);
  // A directory that refuses or cannot be reached: the request was right and the world was not.
  if (error instanceof LdapError)
    return {
      status: 400,
      unexpected: error.class === 'bug',
      body: {
        id,
        code: 'REQUEST_FAILED',
        message: 'The request could not be completed. The directory refused it or could not be reached.',
        details: [{ code: error.code, message: error.message }],
      },
    };
  const framework = readFrameworkError(error);
  if (framework !== undefined) return codedResponse(framework, id);
  return {
    status: 500,
    unexpected: true,
    body: {
      id,
      code: 'UNEXPECTED_ERROR',
      message: 'The server met an unexpected error. Its log has more under this id.',
    },
  };
}

function codedResponse(error: CodedError, id: string): ErrorResponse {
  const entry = readCatalogueEntry(error.code);
  // A code without an entry is one of ours that nobody foresaw at the door.
  const { status, answer } = entry ?? { status: 500, answer: 'UNEXPECTED_ERROR' as const };
  const details: readonly ErrorDetail[] =
    error.details.length > 0 || error.code === answer
      ? error.details
      : [{ code: error.code, message: error.message }];
  return {
    status,
    unexpected: status >= 500,
    body: {
      id,
      code: answer,
      message: messageOf(error, answer),
      ...(details.length === 0 ? {} : { details: details.map(detailBody) }),
    },
  };
}

function messageOf(error: CodedError, answer: string): string {
  if (answer === 'INVALID_DATA') {
    const count = Math.max(1, error.details.length);
    return `The request could not be completed. ${count} ${count === 1 ? 'property is' : 'properties are'} invalid.`;
  }
  // Clients look for this beginning where a request was refused because of other objects.
  return answer === 'REQUEST_FAILED' ? `The request could not be completed. ${error.message}` : error.message;
}

function detailBody(detail: ErrorDetail): NonNullable<ErrorBody['details']>[number] {
  return {
    code: detail.code,
    message: detail.message,
    ...(detail.target === undefined ? {} : { target: detail.target }),
    ...(detail.innerError === undefined ? {} : { innerError: { ...detail.innerError } }),
  };
}

/** Errors that the HTTP framework throws before a handler runs. */
function readFrameworkError(error: unknown): CodedError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return undefined;
  if (error.statusCode === 413)
    return new CodedError(
      'SIZE_LIMIT_EXCEEDED',
      'The body of the request is larger than this server accepts',
      { cause: error },
    );
  if (error.statusCode >= 400 && error.statusCode < 500)
    return new CodedError('INVALID_REQUEST', `The request cannot be read: ${error.message}`, {
      cause: error,
    });
  return undefined;
}
