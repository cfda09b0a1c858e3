import { readUtf8 } from '../values/utf8.ts';

const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const TEXT_TAGS: ReadonlySet<number | undefined> = new Set([
  OCTET_STRING,
  UTF8_STRING,
  0x12,
  0x13,
  0x16,
  0x1a,
]);

/**
 * The text inside a BER-encoded string, for `#hex` values (RFC 4514 §2.4) that hold nothing but a string; undefined
 * for everything else, which is then kept as the bytes it is. An OCTET STRING is what {@link makeOctetString}
 * writes for bytes that are not UTF-8, so such bytes stay as they are here too.
 */
export function readBerText(ber: Buffer): string | undefined {
  if (!TEXT_TAGS.has(ber[0])) return undefined;
  const first = ber[1];
  if (first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4 || ber.length < 2 + lengthBytes) return undefined;
  const length = lengthBytes === 0 ? first : ber.readUIntBE(2, lengthBytes);
  const content = ber.subarray(2 + lengthBytes);
  return content.length === length ? readUtf8(content) : undefined;
}

/** BER OCTET STRING around `content`. */
export function makeOctetString(content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([OCTET_STRING, content.length]), content]);
  const header = Buffer.from([OCTET_STRING, 0x84, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 2);
  return Buffer.concat([header, content]);
}
