import { BerReader } from '../ber/ber-reader.ts';
import { contextTag, TAG } from '../ber/ber-tag.ts';
import { BerWriter, type OctetsInput } from '../ber/ber-writer.ts';

const USER_IDENTITY = contextTag(0);
const OLD_PASSWORD = contextTag(1);
const NEW_PASSWORD = contextTag(2);
const GENERATED = contextTag(0);

/** Password modify (RFC 3062). Absent parts: the bound user; no old password; a generated new one. */
export interface PasswordModify<V = OctetsInput> {
  readonly userIdentity?: string;
  readonly oldPassword?: V;
  readonly newPassword?: V;
}

export function encodePasswordModify(request: PasswordModify): Buffer {
  const writer = new BerWriter(128);
  writer.begin(TAG.sequence);
  if (request.userIdentity !== undefined) writer.octets(request.userIdentity, USER_IDENTITY);
  if (request.oldPassword !== undefined) writer.octets(request.oldPassword, OLD_PASSWORD);
  if (request.newPassword !== undefined) writer.octets(request.newPassword, NEW_PASSWORD);
  writer.end();
  return writer.finish();
}

/** Reads the request; an absent value is a request without parts. */
export function parsePasswordModify(value: Buffer | undefined): PasswordModify<Buffer> {
  if (value === undefined) return {};
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  const userIdentity =
    reader.peekTag() === USER_IDENTITY ? { userIdentity: reader.readString(USER_IDENTITY) } : {};
  const oldPassword =
    reader.peekTag() === OLD_PASSWORD ? { oldPassword: reader.readOctets(OLD_PASSWORD) } : {};
  const newPassword =
    reader.peekTag() === NEW_PASSWORD ? { newPassword: reader.readOctets(NEW_PASSWORD) } : {};
  reader.leave();
  return { ...userIdentity, ...oldPassword, ...newPassword };
}

/** The response that carries a password which the server has made up. */
export function encodeGeneratedPassword(password: OctetsInput): Buffer {
  const writer = new BerWriter(64);
  writer.begin(TAG.sequence);
  writer.octets(password, GENERATED);
  writer.end();
  return writer.finish();
}

/** The generated password, or undefined if the request brought its own. */
export function parseGeneratedPassword(value: Buffer | undefined): Buffer | undefined {
  if (value === undefined) return undefined;
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  return reader.peekTag() === GENERATED ? reader.readOctets(GENERATED) : undefined;
}
