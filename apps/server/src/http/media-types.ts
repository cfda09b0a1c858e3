import { MEDIA_TYPE } from '@sallyport/contract';
import { CodedError } from '@sallyport/model';

/**
 * What to answer with: `application/json`, unless the caller prefers `application/hal+json`. Older SDKs fail on the
 * latter, so it must be asked for; on a tie the order of the header decides.
 */
export function answerMediaType(accept: string | undefined): string {
  let best: { readonly type: string; readonly quality: number } | undefined;
  for (const part of (accept ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    const known = name === MEDIA_TYPE.json || name === MEDIA_TYPE.hal;
    if (known && quality > 0 && (best === undefined || quality > best.quality))
      best = { type: name, quality };
  }
  return best?.type ?? MEDIA_TYPE.json;
}

/** The media type of a body without parameters; undefined if there is none. */
export function bodyMediaType(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

/** A body as JSON; an empty one is undefined. */
export function parseJsonBody(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new CodedError(
      'MALFORMED_JSON',
      `The body is not JSON in UTF-8: ${cause instanceof Error ? withoutText(cause.message) : String(cause)}`,
    );
  }
}

/** The engine quotes the body around a fault, and there may be a password in it. */
function withoutText(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*"(?:\.\.\.)? is not valid JSON$/s, ' is not valid JSON');
}
