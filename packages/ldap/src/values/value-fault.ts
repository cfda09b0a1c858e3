import { LdapTextError } from './text-error.ts';

const SHOWN_CHARACTERS = 60;

/** The error of a single value that is not what its syntax says. */
export function valueFault(subject: string, found: string | Buffer, expected: string): LdapTextError {
  return new LdapTextError({ code: 'VALUE_SYNTAX', subject, found: shown(found), expected });
}

/** The error of a well-formed value outside what can be represented. */
export function valueRangeFault(subject: string, found: string, expected: string): LdapTextError {
  return new LdapTextError({ code: 'VALUE_RANGE', subject, found: shown(found), expected });
}

function shown(found: string | Buffer): string {
  if (typeof found !== 'string') return `${found.length} bytes`;
  const extract = found.length > SHOWN_CHARACTERS ? `${found.slice(0, SHOWN_CHARACTERS)}…` : found;
  return JSON.stringify(extract);
}
