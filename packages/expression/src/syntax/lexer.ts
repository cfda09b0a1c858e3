import { refuse } from '../errors.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  /** As written; for a string its value without quotes. */
  readonly text: string;
  readonly start: number;
  readonly spaceBefore: boolean;
}

// Longest first: the scanner takes the first one that fits.
const SYMBOLS = [
  '.?[',
  '.^[',
  '.$[',
  '.![',
  '===',
  '!==',
  '?:',
  '?.',
  '++',
  '--',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  ...'+-*/%^!<>?:.,()[]{}#=@&',
] as const;

const SPACE = /\s/u;
const NAME = /\p{L}[\p{L}\p{Nd}_]*/uy;
// Java notation: hexadecimal with optional L; decimal with fraction and exponent, L for long, F and D for reals.
const NUMBER = /0[xX][0-9a-fA-F]+[lL]?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[lLfFdD]?/y;

/**
 * Cuts an expression into tokens, the last one of kind `end`.
 * @throws ExpressionError `SYNTAX` for an unfinished string or a character the language does not know.
 */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let spaceBefore = false;
  while (offset < text.length) {
    if (SPACE.test(text.charAt(offset))) {
      spaceBefore = true;
      offset += 1;
      continue;
    }
    const [token, end] = readToken(text, offset, spaceBefore);
    tokens.push(token);
    offset = end;
    spaceBefore = false;
  }
  tokens.push({ kind: 'end', text: 'the end of the expression', start: text.length, spaceBefore: true });
  return tokens;
}

function readToken(text: string, start: number, spaceBefore: boolean): readonly [Token, number] {
  const first = text.charAt(start);
  if (first === "'" || first === '"') return readString(text, start, spaceBefore);
  NAME.lastIndex = start;
  const name = NAME.exec(text)?.[0];
  if (name !== undefined) return [{ kind: 'name', text: name, start, spaceBefore }, start + name.length];
  NUMBER.lastIndex = start;
  const number = NUMBER.exec(text)?.[0];
  if (number !== undefined)
    return [{ kind: 'number', text: number, start, spaceBefore }, start + number.length];
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, start));
  if (symbol !== undefined)
    return [{ kind: 'symbol', text: symbol, start, spaceBefore }, start + symbol.length];
  return refuse(
    'SYNTAX',
    start,
    `'${String.fromCodePoint(text.codePointAt(start) ?? 0)}'`,
    'an expression',
    hintFor(first),
  );
}

// A quote of the same kind is doubled inside; a backslash is an ordinary character.
function readString(text: string, start: number, spaceBefore: boolean): readonly [Token, number] {
  const quote = text.charAt(start);
  let value = '';
  let from = start + 1;
  for (;;) {
    const end = text.indexOf(quote, from);
    if (end < 0) {
      return refuse(
        'SYNTAX',
        start,
        'a string without its closing quote',
        `${quote} at its end`,
        'A quote inside is doubled.',
      );
    }
    value += text.slice(from, end);
    if (text.charAt(end + 1) !== quote) return [{ kind: 'string', text: value, start, spaceBefore }, end + 1];
    value += quote;
    from = end + 2;
  }
}

function hintFor(character: string): string | undefined {
  switch (character) {
    case ';':
    case '_':
      return "A name with other characters than letters, digits and '_' is written in brackets: #root['user_name;lang-de'].";
    case '$':
      return 'Expressions are written without a wrapper: givenName, without a dollar and braces around it.';
    case '|':
      return "Write 'or' between conditions.";
    case '~':
      return "Write 'matches' for a regular expression.";
    case '\\':
      return 'There are no escapes outside strings, and none inside: a quote is doubled.';
    default:
      return undefined;
  }
}
