import { valueFault } from './value-fault.ts';

const GUID_BYTES = 16;
const TEXT = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/**
 * Text of an `objectGUID`: Active Directory stores the first three fields little-endian ([MS-DTYP] §2.3.4.2), so the
 * text is not the bytes in order. Lower case, without braces.
 * @throws LdapTextError `VALUE_SYNTAX` when there are not 16 bytes
 */
export function printObjectGuid(bytes: Buffer): string {
  return printEntryUuid(swapFields(assertLength(bytes, 'objectGUID')));
}

/**
 * The 16 bytes of an `objectGUID` as stored and as sought in filters.
 * @param text hyphenated or not, with braces or without, any case
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function parseObjectGuid(text: string): Buffer {
  return swapFields(parseEntryUuid(text));
}

/**
 * Text of a UUID in network order (RFC 4122): what syncUUID of RFC 4533 and binary `entryUUID` values carry.
 * @throws LdapTextError `VALUE_SYNTAX` when there are not 16 bytes
 */
export function printEntryUuid(bytes: Buffer): string {
  const hex = assertLength(bytes, 'UUID').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID in network order. @throws LdapTextError `VALUE_SYNTAX` */
export function parseEntryUuid(text: string): Buffer {
  const fields = TEXT.exec(text);
  if (fields === null) throw valueFault('UUID', text, '32 hexadecimal digits as 8-4-4-4-12');
  return Buffer.from(fields.slice(1).join(''), 'hex');
}

function swapFields(bytes: Buffer): Buffer {
  const swapped = Buffer.from(bytes);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return swapped;
}

function assertLength(bytes: Buffer, subject: string): Buffer {
  if (bytes.length !== GUID_BYTES) throw valueFault(subject, bytes, `${GUID_BYTES} bytes`);
  return bytes;
}
