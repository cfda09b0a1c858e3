import { parseObjectGuid, printObjectGuid } from './guid.ts';
import { parseSid, printSid } from './sid.ts';
import { valueFault } from './value-fault.ts';

/** A name as Active Directory writes it under the Extended DN control. */
export interface ExtendedDn {
  /** `objectGUID` as text. */
  readonly guid: string | undefined;
  /** `objectSid` as text; only security principals have one. */
  readonly sid: string | undefined;
  readonly dn: string;
}

const EXTENDED = /^(?:<GUID=([0-9A-Fa-f-]+)>;?)?(?:<SID=([^>]+)>;?)?(?:<[^>]*>;?)*(.*)$/s;

/**
 * Reads `<GUID=…>;<SID=…>;DN` in its hexadecimal and its text form; a plain name has neither identifier.
 * @throws LdapTextError `VALUE_SYNTAX` when an identifier is malformed
 */
export function parseExtendedDn(text: string): ExtendedDn {
  if (!text.startsWith('<')) return { guid: undefined, sid: undefined, dn: text };
  const parts = EXTENDED.exec(text);
  if (parts === null || parts[3] === undefined) throw valueFault('Extended DN', text, '<GUID=…>;<SID=…>;DN');
  return { guid: readGuid(parts[1]), sid: readSid(parts[2]), dn: parts[3] };
}

/** Without hyphens the digits are the stored bytes, with hyphens they are the text form. */
function readGuid(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return printObjectGuid(text.includes('-') ? parseObjectGuid(text) : Buffer.from(text, 'hex'));
}

function readSid(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return printSid(/^s-/i.test(text) ? parseSid(text) : Buffer.from(text, 'hex'));
}
