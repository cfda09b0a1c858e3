import { foundAt, LdapTextError } from '../values/text-error.ts';

/** A definition taken apart: its OID and its keywords, upper case, each with its values (none for a flag). */
export interface DefinitionFields {
  readonly oid: string;
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** Keywords that stand alone. Everything else takes one value or a list in parentheses. */
const FLAGS: ReadonlySet<string> = new Set([
  'OBSOLETE',
  'SINGLE-VALUE',
  'COLLECTIVE',
  'NO-USER-MODIFICATION',
  'ABSTRACT',
  'STRUCTURAL',
  'AUXILIARY',
]);

const MAX_DEFINITION_LENGTH = 262_144;
/** A parenthesis, a quoted string, or a word. The dollar sign separates and says nothing itself. */
const TOKEN = /[\s$]*(?:([()])|'((?:[^'\\]|\\.)*)'|([^\s()'$]+))/sy;

interface Token {
  readonly kind: 'open' | 'close' | 'quoted' | 'word';
  readonly text: string;
  readonly position: number;
}

/**
 * Takes one schema definition (RFC 4512 §4.1) apart. Tolerates what servers publish: keywords in any order and case,
 * quoted OIDs (Active Directory's `SYNTAX '…'`), words for OIDs (389's `…-oid`), missing spaces, unknown keywords.
 *
 * @throws LdapTextError `SCHEMA_SYNTAX`
 */
export function readFields(definition: string): DefinitionFields {
  const tokens = tokenize(definition);
  const oid = tokens[1];
  if (tokens[0]?.kind !== 'open' || oid === undefined || (oid.kind !== 'word' && oid.kind !== 'quoted')) {
    throw fault(definition, 0, 'a definition such as ( 2.5.4.3 NAME … )');
  }
  const fields = new Map<string, readonly string[]>();
  let index = 2;
  for (;;) {
    const token = tokens[index];
    if (token === undefined) throw fault(definition, definition.length, 'a closing parenthesis');
    index += 1;
    if (token.kind === 'close') return { oid: oid.text, fields };
    if (token.kind !== 'word') throw fault(definition, token.position, 'a keyword');
    const keyword = token.text.toUpperCase();
    const values: string[] = [];
    if (!FLAGS.has(keyword)) index = readValues(definition, tokens, index, values);
    fields.set(keyword, values);
  }
}

/** Adds one value or the values of a list and returns the index behind them. */
function readValues(definition: string, tokens: readonly Token[], start: number, values: string[]): number {
  const first = tokens[start];
  if (first === undefined || first.kind === 'close') return start;
  if (first.kind !== 'open') {
    values.push(first.text);
    return start + 1;
  }
  for (let index = start + 1; ; index += 1) {
    const token = tokens[index];
    if (token === undefined) throw fault(definition, definition.length, 'a closing parenthesis');
    if (token.kind === 'close') return index + 1;
    if (token.kind === 'open') throw fault(definition, token.position, 'a name or a closing parenthesis');
    values.push(token.text);
  }
}

function tokenize(definition: string): readonly Token[] {
  if (definition.length > MAX_DEFINITION_LENGTH) {
    throw fault(
      definition,
      MAX_DEFINITION_LENGTH,
      `a definition of at most ${MAX_DEFINITION_LENGTH} characters`,
    );
  }
  const tokens: Token[] = [];
  const end = definition.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const position = TOKEN.lastIndex;
    const match = TOKEN.exec(definition);
    if (match === null) throw fault(definition, position, 'a closing quotation mark');
    const [, parenthesis, quoted, word] = match;
    if (parenthesis !== undefined) {
      tokens.push({ kind: parenthesis === '(' ? 'open' : 'close', text: parenthesis, position });
    } else if (quoted !== undefined) {
      tokens.push({ kind: 'quoted', text: unescapeQuoted(quoted), position });
    } else {
      tokens.push({ kind: 'word', text: word ?? '', position });
    }
  }
  return tokens;
}

/** RFC 4512 §4.1: `\27` is the apostrophe, `\5c` the backslash. */
function unescapeQuoted(text: string): string {
  return text.includes('\\') ? text.replace(/\\27/g, "'").replace(/\\5c/gi, '\\') : text;
}

function fault(definition: string, position: number, expected: string): LdapTextError {
  return new LdapTextError({
    code: 'SCHEMA_SYNTAX',
    subject: 'Schema definition',
    position,
    found: foundAt(definition, position),
    expected,
  });
}
