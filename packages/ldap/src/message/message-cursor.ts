import { BerError } from '../ber/ber-error.ts';
import { TAG, tagName } from '../ber/ber-tag.ts';

/**
 * Steps over the whole messages that lie one after another in a buffer, reading no more of each than its length,
 * its id and its operation's tag. Allocates nothing per message, which is what lets search results be forwarded
 * undecoded at memory speed.
 */
export class MessageCursor {
  readonly bytes: Buffer;
  /** Where the message starts and ends in `bytes`. */
  start = 0;
  end = 0;
  messageId = 0;
  /** Tag of the operation (`OPERATION_TAG`), where it stands, and where its content starts and ends. */
  operationTag = 0;
  operationStart = 0;
  contentStart = 0;
  contentEnd = 0;

  constructor(bytes: Buffer, start = 0) {
    this.bytes = bytes;
    this.end = start;
  }

  /** Moves to the next message; false at the end of the buffer. Throws a `BerError` if it is no whole message. */
  next(): boolean {
    const bytes = this.bytes;
    const start = this.end;
    if (start >= bytes.length) return false;
    if (bytes[start] !== TAG.sequence) {
      throw new BerError(
        'BER_UNEXPECTED_TAG',
        start,
        `a message expected, found tag ${tagName(bytes[start] ?? 0)}`,
      );
    }
    let position = contentOffset(bytes, start, bytes.length);
    const end = position + contentLength(bytes, start);
    if (end > bytes.length) throw new BerError('BER_TRUNCATED', start, 'a message is cut off');
    const idLength = bytes[position + 1] ?? 0;
    if (bytes[position] !== TAG.integer || idLength < 1 || idLength > 4 || position + 2 + idLength > end) {
      throw new BerError('BER_BAD_VALUE', position, 'a message id expected');
    }
    position += 2;
    let id = 0;
    for (let octet = 0; octet < idLength; octet += 1) id = (id << 8) | (bytes[position + octet] ?? 0);
    if (id < 0) throw new BerError('BER_BAD_VALUE', position, 'a message id is never negative');
    position += idLength;
    if (position >= end) throw new BerError('BER_TRUNCATED', position, 'a message without an operation');
    this.operationTag = bytes[position] ?? 0;
    this.operationStart = position;
    this.contentStart = contentOffset(bytes, position, end);
    this.contentEnd = this.contentStart + contentLength(bytes, position);
    if (this.contentEnd > end) throw new BerError('BER_TRUNCATED', position, 'an operation is cut off');
    this.start = start;
    this.end = end;
    this.messageId = id;
    return true;
  }
}

/** Where the content of the element at `at` starts; its header must lie before `limit`. */
export function contentOffset(bytes: Buffer, at: number, limit: number): number {
  if (at + 2 > limit) throw new BerError('BER_TRUNCATED', at, 'an element is cut off in its header');
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return at + 2;
  const octets = first & 0x7f;
  if (octets === 0) {
    throw new BerError(
      'BER_INDEFINITE_LENGTH',
      at,
      'an indefinite length, which LDAP forbids (RFC 4511 §5.1)',
    );
  }
  if (octets > 4)
    throw new BerError('BER_LENGTH_TOO_LONG', at, `a length of ${octets} octets, at most 4 allowed`);
  if (at + 2 + octets > limit) throw new BerError('BER_TRUNCATED', at, 'an element is cut off in its length');
  return at + 2 + octets;
}

/** The content length of the element at `at`, whose header `contentOffset` has found whole. */
export function contentLength(bytes: Buffer, at: number): number {
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return first;
  let length = 0;
  for (let octet = 0; octet < (first & 0x7f); octet += 1)
    length = length * 256 + (bytes[at + 2 + octet] ?? 0);
  return length;
}
