import { valueFault } from './value-fault.ts';

const MAX_SUB_AUTHORITIES = 15;
const HEADER_BYTES = 8;
const TEXT = /^S-1-(\d{1,10}|0x[0-9a-f]{1,12})((?:-\d{1,10})*)$/i;
const MAX_UINT32 = 0xffff_ffff;

/**
 * Text of an `objectSid` ([MS-DTYP] §2.4.2): `S-1-5-21-…`.
 * @throws LdapTextError `VALUE_SYNTAX` when the bytes are no security identifier
 */
export function printSid(bytes: Buffer): string {
  const count = bytes[1];
  if (
    bytes[0] !== 1 ||
    count === undefined ||
    count > MAX_SUB_AUTHORITIES ||
    bytes.length !== HEADER_BYTES + 4 * count
  ) {
    throw valueFault(
      'Security identifier',
      bytes,
      'revision 1, a count up to 15 and that many 4-byte sub-authorities',
    );
  }
  const authority = bytes.readUIntBE(2, 6);
  let text = `S-1-${authority > MAX_UINT32 ? `0x${authority.toString(16).padStart(12, '0')}` : authority}`;
  for (let index = 0; index < count; index += 1) text += `-${bytes.readUInt32LE(HEADER_BYTES + 4 * index)}`;
  return text;
}

/** The bytes of a security identifier. @throws LdapTextError `VALUE_SYNTAX` */
export function parseSid(text: string): Buffer {
  const parts = TEXT.exec(text);
  const authority = Number(parts?.[1]);
  const subAuthorities = (parts?.[2] ?? '').split('-').slice(1).map(Number);
  if (
    parts === null ||
    subAuthorities.length > MAX_SUB_AUTHORITIES ||
    subAuthorities.some((value) => value > MAX_UINT32)
  ) {
    throw valueFault('Security identifier', text, 'S-1-authority-… with up to 15 sub-authorities below 2^32');
  }
  const bytes = Buffer.alloc(HEADER_BYTES + 4 * subAuthorities.length);
  bytes[0] = 1;
  bytes[1] = subAuthorities.length;
  bytes.writeUIntBE(authority, 2, 6);
  for (const [index, value] of subAuthorities.entries()) bytes.writeUInt32LE(value, HEADER_BYTES + 4 * index);
  return bytes;
}

/**
 * The security identifier of an account of the same domain with another relative identifier: how a user's
 * `primaryGroupID` becomes the group's `objectSid`.
 * @param sid text of any account of the domain
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function siblingSid(sid: string, relativeId: number): string {
  parseSid(sid);
  const last = sid.lastIndexOf('-');
  const sibling = `${sid.slice(0, last)}-${relativeId}`;
  parseSid(sibling);
  return sibling;
}
