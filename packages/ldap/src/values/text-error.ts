/** Stable names of everything that can be wrong with a text or value this package reads. */
export type LdapTextErrorCode =
  | 'DN_SYNTAX'
  | 'DN_LIMIT'
  | 'FILTER_SYNTAX'
  | 'FILTER_LIMIT'
  | 'SCHEMA_SYNTAX'
  | 'LDIF_SYNTAX'
  | 'LDIF_LIMIT'
  | 'VALUE_SYNTAX'
  | 'VALUE_RANGE';

export interface LdapTextFault {
  readonly code: LdapTextErrorCode;
  /** What is being read, e.g. "distinguished name". */
  readonly subject: string;
  /** Zero-based index into the text (UTF-16 units), where one applies. */
  readonly position?: number;
  /** One-based line, for line-oriented texts. */
  readonly line?: number;
  readonly found: string;
  readonly expected: string;
  /** What to do about it, one sentence. */
  readonly advice?: string;
}

/**
 * A text from a directory, a file or a person could not be read. Carries what was found and what was expected
 * as fields, so that a console can point at the place and a program can react to `code`.
 */
export class LdapTextError extends Error {
  readonly code: LdapTextErrorCode;
  readonly position: number | undefined;
  readonly line: number | undefined;
  readonly found: string;
  readonly expected: string;
  readonly advice: string | undefined;

  constructor(fault: LdapTextFault) {
    const where =
      fault.line !== undefined
        ? ` at line ${fault.line}`
        : fault.position !== undefined
          ? ` at position ${fault.position}`
          : '';
    const advice = fault.advice === undefined ? '' : ` ${fault.advice}`;
    super(`${fault.subject}${where}: found ${fault.found}, expected ${fault.expected}.${advice}`);
    this.name = 'LdapTextError';
    this.code = fault.code;
    this.position = fault.position;
    this.line = fault.line;
    this.found = fault.found;
    this.expected = fault.expected;
    this.advice = fault.advice;
  }
}

const SHOWN_CHARACTERS = 24;

/** Names what stands at `position` for an error message: a short quoted extract, or the end of the text. */
export function foundAt(text: string, position: number): string {
  if (position >= text.length) return 'the end';
  const extract = text.slice(position, position + SHOWN_CHARACTERS);
  return JSON.stringify(position + SHOWN_CHARACTERS < text.length ? `${extract}…` : extract);
}
