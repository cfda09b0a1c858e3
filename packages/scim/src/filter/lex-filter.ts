import { ScimFilterError } from './filter.ts';

export type Token =
  | { readonly kind: '(' | ')' | '[' | ']' | 'end'; readonly at: number }
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number };

const BLANK = /\s+/y;
// Attribute names, keywords, numbers: everything that needs no quotes (RFC 7644 ABNF: attrPath, compValue).
const WORD = /[^\s()[\]"]+/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;

/** Cuts the text into tokens; the last one is `end`. */
export function lexFilter(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const character = text.charAt(at);
    const blank = match(BLANK);
    if (blank !== undefined) {
      at += blank.length;
    } else if (character === '(' || character === ')' || character === '[' || character === ']') {
      tokens.push({ kind: character, at });
      at += 1;
    } else if (character === '"') {
      const quoted = match(STRING);
      if (quoted === undefined)
        throw new ScimFilterError('A quotation mark is missing at the end of this text', at);
      tokens.push({ kind: 'string', value: unquote(quoted, at), at });
      at += quoted.length;
    } else {
      const word = match(WORD) ?? character;
      tokens.push({ kind: 'word', text: word, at });
      at += word.length;
    }
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

/** Texts are JSON strings (RFC 7644 §3.4.2.2, compValue). */
function unquote(quoted: string, at: number): string {
  try {
    const value: unknown = JSON.parse(quoted);
    if (typeof value === 'string') return value;
  } catch {
    // JSON's own words name no position in the filter.
  }
  throw new ScimFilterError(
    'This text is not a JSON string: check its backslashes and control characters',
    at,
  );
}
