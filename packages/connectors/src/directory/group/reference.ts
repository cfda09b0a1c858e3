import { readDn } from '@sallyport/ldap';

/** The optional unique identifier behind the DN of a `uniqueMember` value (RFC 4517 §3.3.21). */
const UNIQUE_IDENTIFIER = /#'[01]*'B$/;

/** How groups and the engine name whatever is at this DN: equal names, equal text, whatever their spelling. */
export function dnReference(dn: string): string {
  return `dn:${normalDn(dn)}`;
}

/** The DN, spelled as normal ones are, of what `dnReference` named. */
export function dnOfReference(reference: string): string {
  return reference.slice('dn:'.length);
}

/** A value of `member` or `uniqueMember` as a reference. */
export function memberReference(value: string): string {
  return dnReference(dnOfMember(value));
}

/** A value of `member` or `uniqueMember` without the identifier that the latter may carry. */
export function dnOfMember(value: string): string {
  return value.endsWith("'B") ? value.replace(UNIQUE_IDENTIFIER, '') : value;
}

/** A login name as `memberUid` has it; `uid` compares without case (RFC 4519 §2.39). */
export function loginReference(login: string): string {
  return `uid:${login.trim().toLowerCase()}`;
}

/** Text that is no DN names nobody we know, and is kept apart from everything that does. */
function normalDn(text: string): string {
  return readDn(text)?.normal ?? text.toLowerCase();
}
