export type BerErrorCode =
  | 'BER_TRUNCATED'
  | 'BER_INDEFINITE_LENGTH'
  | 'BER_LENGTH_TOO_LONG'
  | 'BER_UNEXPECTED_TAG'
  | 'BER_BAD_VALUE'
  | 'BER_TRAILING_DATA'
  | 'BER_TOO_DEEP'
  | 'BER_TOO_MANY_ELEMENTS';

/** Bytes that are not the BER they should be. `offset` is the place in the buffer, in octets. */
export class BerError extends Error {
  override readonly name = 'BerError';
  readonly code: BerErrorCode;
  readonly offset: number;

  constructor(code: BerErrorCode, offset: number, message: string) {
    super(`${message} (at octet ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}
