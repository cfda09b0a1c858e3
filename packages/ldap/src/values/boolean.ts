import { valueFault } from './value-fault.ts';

/**
 * Reads a Boolean (RFC 4517 §3.3.3). Any case is accepted, as servers do not agree on it.
 * @throws LdapTextError `VALUE_SYNTAX`
 */
export function parseLdapBoolean(text: string): boolean {
  const upper = text.toUpperCase();
  if (upper === 'TRUE') return true;
  if (upper === 'FALSE') return false;
  throw valueFault('Boolean', text, 'TRUE or FALSE');
}

export function printLdapBoolean(value: boolean): 'TRUE' | 'FALSE' {
  return value ? 'TRUE' : 'FALSE';
}
