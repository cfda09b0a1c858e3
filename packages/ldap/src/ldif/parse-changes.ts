import type { AttributeValues, Modification } from '../message/message.ts';
import { DEFAULT_LDIF_LIMITS, type LdifLine, LdifLineReader } from './ldif-lines.ts';
import { parseAttributes, parseModifications } from './parse-record.ts';

/**
 * Reads the `changes` attribute of a changelog entry whose changeType is modify (draft-good-ldap-changelog): the body of
 * an LDIF modify record.
 * @throws LdapTextError `LDIF_SYNTAX`, `LDIF_LIMIT`
 */
export function parseChangedModifications(changes: Buffer): readonly Modification<Buffer>[] {
  return parseModifications(bodyLines(changes));
}

/** The same for changeType add: the new entry's attributes. @throws LdapTextError `LDIF_SYNTAX`, `LDIF_LIMIT` */
export function parseChangedAttributes(changes: Buffer): readonly AttributeValues<Buffer>[] {
  return parseAttributes(bodyLines(changes));
}

/** 389 Directory Server ends the value with a NUL byte, which is no part of it. */
function bodyLines(changes: Buffer): readonly LdifLine[] {
  let end = changes.length;
  while (end > 0 && changes[end - 1] === 0) end -= 1;
  const reader = new LdifLineReader(DEFAULT_LDIF_LIMITS);
  return [...reader.push(changes.subarray(0, end)), ...reader.finish()].flat();
}
