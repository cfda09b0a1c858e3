import { type Filter, LdapTextError, parseDn, parseFilter, type SearchScope } from '@sallyport/ldap';

/** The search that an LDAP URL describes; its host is left out, because groups mean the directory that they are in. */
export interface LdapUrl {
  readonly base: string;
  readonly scope: SearchScope;
  readonly filter: Filter;
}

const SCOPES: Readonly<Record<string, SearchScope>> = { '': 'base', base: 'base', one: 'one', sub: 'sub' };
const ANYTHING = '(objectClass=*)';

/**
 * Reads `ldap://host/base?attributes?scope?filter?extensions` (RFC 4516 §2).
 * @throws LdapTextError with what was found where, also for an extension marked critical: none is known here
 */
export function parseLdapUrl(text: string): LdapUrl {
  const parts = /^ldaps?:\/\/([^/?]*)(?:\/([^?]*))?((?:\?[^?]*)*)$/i.exec(text.trim());
  if (parts === null) throw fault(text, 'ldap://host/base?attributes?scope?filter');
  const [, , base = '', rest = ''] = parts;
  const [, , scopeText = '', filterText = '', extensions = '', ...more] = rest.split('?');
  if (more.length > 0) throw fault(text, 'at most four question marks');
  const scope = SCOPES[scopeText.toLowerCase()];
  if (scope === undefined) throw fault(scopeText, 'the scope base, one or sub');
  const critical = extensions.split(',').find((extension) => extension.startsWith('!'));
  if (critical !== undefined) throw fault(critical, 'no critical extension');
  const filter = decode(filterText);
  return {
    base: parseDn(decode(base)).toString(),
    scope,
    filter: parseFilter(filter === '' ? ANYTHING : filter),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw fault(text, 'percent signs followed by two hexadecimal digits of UTF-8');
  }
}

function fault(found: string, expected: string): LdapTextError {
  return new LdapTextError({
    code: 'VALUE_SYNTAX',
    subject: 'LDAP URL',
    found: JSON.stringify(found.slice(0, 200)),
    expected,
  });
}
