import type { ApiError } from '@sallyport/contract';

/** The API's own sentence, without the details that the error's message repeats: they are listed below it. */
export function apiSentence(error: ApiError): string {
  const repeated = error.details.map(({ message }) => ` ${message}`).join('');
  const own =
    repeated !== '' && error.message.endsWith(repeated)
      ? error.message.slice(0, -repeated.length)
      : error.message;
  return /[.!?]$/.test(own) ? own : `${own}.`;
}

/** `bindDN: expected a DN (INVALID_VALUE)`, one for each fault. */
export function apiDetails(error: ApiError): readonly string[] {
  return error.details.map(({ code, target, message }) =>
    target === undefined ? `${message} (${code})` : `${target}: ${message} (${code})`,
  );
}
