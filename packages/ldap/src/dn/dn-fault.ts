import { foundAt, LdapTextError } from '../values/text-error.ts';

/** The syntax error of a distinguished name at `position`. */
export function unexpected(text: string, position: number, expected: string, advice?: string): LdapTextError {
  return new LdapTextError({
    code: 'DN_SYNTAX',
    subject: 'Distinguished name',
    position,
    found: foundAt(text, position),
    expected,
    ...(advice === undefined ? {} : { advice }),
  });
}
