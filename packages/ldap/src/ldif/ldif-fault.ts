import { LdapTextError } from '../values/text-error.ts';

const SHOWN_CHARACTERS = 40;

/** The error of an LDIF text at a line (one-based). */
export function ldifFault(line: number, found: string, expected: string, advice?: string): LdapTextError {
  const extract = found.length > SHOWN_CHARACTERS ? `${found.slice(0, SHOWN_CHARACTERS)}…` : found;
  return new LdapTextError({
    code: 'LDIF_SYNTAX',
    subject: 'LDIF',
    line,
    found: found === '' ? 'the end of the record' : JSON.stringify(extract),
    expected,
    ...(advice === undefined ? {} : { advice }),
  });
}
