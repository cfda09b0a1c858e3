import type { CharacterCase, MappingParser } from '@sallyport/model';

const HEX_PAIR = /^[0-9a-fA-F]{2}$/;

/** Undoes RFC 4514 escapes: a backslash and two hex digits are one UTF-8 byte, a backslash and anything else is that. */
function unescapeValue(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  const plain = Buffer.from(text, 'utf8');
  for (let at = 0; at < plain.length; at += 1) {
    const byte = plain[at] ?? 0;
    if (byte !== 0x5c) {
      bytes.push(byte);
      continue;
    }
    const pair = plain.toString('latin1', at + 1, at + 3);
    if (HEX_PAIR.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      at += 2;
    } else if (at + 1 < plain.length) {
      bytes.push(plain[at + 1] ?? 0);
      at += 1;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Splits at unescaped, unquoted `,` `;` and `+`: the attribute-value pairs of a DN, in order. */
function dnPairs(dn: string): readonly string[] {
  const pairs: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < dn.length; at += 1) {
    const char = dn[at];
    if (char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === ',' || char === ';' || char === '+')) {
      pairs.push(dn.slice(start, at));
      start = at + 1;
    }
  }
  pairs.push(dn.slice(start));
  return pairs;
}

/** The first common name of a DN (`CN=Smith\, Ann,OU=Sales` → `Smith, Ann`); undefined if the text names none. */
export function extractCommonName(dn: string): string | undefined {
  for (const pair of dnPairs(dn)) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const type = pair.slice(0, equals).trim().toLowerCase();
    if (type !== 'cn' && type !== '2.5.4.3' && type !== 'oid.2.5.4.3') continue;
    const raw = pair.slice(equals + 1).trim();
    const unquoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
    return unescapeValue(unquoted);
  }
  return undefined;
}

/** What stands before the last `@`; a text without one is taken as it is. */
export function extractUsername(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 0 ? email : email.slice(0, at);
}

/** The options of a mapping as one function of a value; undefined where they change nothing. */
export function makeValueStep(
  parser: MappingParser,
  trim: boolean,
  characterCase: CharacterCase,
): ((value: string) => string) | undefined {
  if (parser === 'NONE' && !trim && characterCase === 'NONE') return undefined;
  return (value) => {
    let text = value;
    if (parser === 'EXTRACT_CN_FROM_DN') text = extractCommonName(text) ?? '';
    else if (parser === 'EXTRACT_USERNAME_FROM_EMAIL') text = extractUsername(text);
    if (trim) text = text.trim();
    if (characterCase === 'LOWER') return text.toLowerCase();
    return characterCase === 'UPPER' ? text.toUpperCase() : text;
  };
}
