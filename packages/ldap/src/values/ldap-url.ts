import { parseDn } from '../dn/dn.ts';
import type { Filter } from '../filter/filter.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import type { SearchScope } from '../link/directory-link.ts';
import { valueFault } from './value-fault.ts';

/** The search that an LDAP URL describes. Its host is left out: values of a directory mean the directory itself. */
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
  if (parts === null) throw valueFault('LDAP URL', text, 'ldap://host/base?attributes?scope?filter');
  const [, , base = '', rest = ''] = parts;
  const [, , scopeText = '', filterText = '', extensions = '', ...more] = rest.split('?');
  if (more.length > 0) throw valueFault('LDAP URL', text, 'at most four question marks');
  const scope = SCOPES[scopeText.toLowerCase()];
  if (scope === undefined) throw valueFault('LDAP URL', scopeText, 'the scope base, one or sub');
  const critical = extensions.split(',').find((extension) => extension.startsWith('!'));
  if (critical !== undefined) throw valueFault('LDAP URL', critical, 'no critical extension');
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
    throw valueFault('LDAP URL', text, 'percent signs followed by two hexadecimal digits of UTF-8');
  }
}
