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

/** `bindDN: expected a DN (INVALID_VALUE)`, one for each fault; of a detail that repeats the sentence only what it adds. */
export function apiDetails(error: ApiError): readonly string[] {
  const sentence = bare(apiSentence(error));
  return error.details.flatMap(({ code, target, message }) => {
    if (bare(message) === sentence) {
      if (target !== undefined) return [`${target} (${code})`];
      return code === error.code ? [] : [`(${code})`];
    }
    return [target === undefined ? `${message} (${code})` : `${target}: ${message} (${code})`];
  });
}

function bare(sentence: string): string {
  return sentence.trim().replace(/[.!?]$/, '');
}
