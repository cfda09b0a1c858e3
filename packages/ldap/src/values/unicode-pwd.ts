/**
 * Value of `unicodePwd` for a clear-text password: between quotation marks, UTF-16 little-endian ([MS-ADTS]
 * §3.1.1.3.1.5.1). Only for connections protected by TLS; the caller should wipe the buffer (`fill(0)`) after sending.
 */
export function encodeUnicodePwd(password: string): Buffer {
  return Buffer.from(`"${password}"`, 'utf16le');
}
