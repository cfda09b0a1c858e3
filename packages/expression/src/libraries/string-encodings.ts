import { assertTextLength } from '../evaluation/frame.ts';
import { binary, type Library, type LibraryFunction, unary } from './library.ts';

/** The functions of `#string` that encode and decode. Null and the empty text come back as they are. */
export const stringEncodings: Library = {
  asBase64Encoded: converting((text) => Buffer.from(text, 'utf8').toString('base64')),
  asBase64Decoded: converting(decodeBase64),
  asUrlEncoded: converting((text) => formEncode(text)),
  asUrlDecoded: converting(decodeForm),
  uuidAsBase64Guid: binary('text', (s, fallback) => (frame) => {
    const text = s.text(frame);
    return (text === null ? null : guidFromUuid(text)) ?? fallback.value(frame);
  }),
};

function converting(convert: (text: string) => string | null): LibraryFunction {
  return unary('text', (s, position) => (frame) => {
    const text = s.text(frame);
    if (text === null || text === '') return text;
    const converted = convert(text);
    if (converted !== null) assertTextLength(converted.length, position);
    return converted;
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeBase64(text: string): string | null {
  // Node skips what it does not know; only well-formed text with or without its padding may pass.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1) return null;
  if (text.endsWith('=') && text.length % 4 !== 0) return null;
  return decodeUtf8(Buffer.from(text, 'base64'));
}

// java.net.URLEncoder: letters, digits and . - * _ stay, a space becomes a plus.
function formEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decodeForm(text: string): string | null {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return null;
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/[^%]+|%(..)/g, (whole, code: string | undefined) =>
      code === undefined
        ? Buffer.from(whole, 'utf8').toString('latin1')
        : String.fromCharCode(Number.parseInt(code, 16)),
    );
  return decodeUtf8(Buffer.from(bytes, 'latin1'));
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    // The only failure of a fatal decoder: the bytes are no UTF-8 text.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// MS-DTYP 2.3.4: the first three fields of a GUID are stored least significant byte first.
function guidFromUuid(text: string): string | null {
  if (!UUID.test(text)) return null;
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString('base64');
}
