/** A piece of a java.time pattern: a field with the count of its letter, literal text, or an optional section. */
export type PatternItem =
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'optional'; readonly items: readonly PatternItem[] };

// How often a letter may be repeated, after DateTimeFormatterBuilder.appendPattern.
const MAX_COUNTS: Readonly<Record<string, number>> = {
  ...{ G: 5, y: 19, u: 19, Y: 19, M: 5, L: 5, d: 2, D: 3, q: 5, Q: 5, E: 5, e: 5, c: 5, a: 1 },
  ...{ h: 2, H: 2, K: 2, k: 2, m: 2, s: 2, S: 9, n: 19, N: 19, A: 19, w: 2, W: 1 },
  ...{ z: 4, v: 4, V: 2, Z: 5, X: 5, x: 5, O: 4 },
};

const MAX_PATTERN_LENGTH = 500;
const cache = new Map<string, readonly PatternItem[] | null>();

/** Cuts a java.time pattern into its pieces; null when java.time would refuse it. */
export function readDatePattern(pattern: string): readonly PatternItem[] | null {
  const cached = cache.get(pattern);
  if (cached !== undefined) return cached;
  const items = pattern.length > MAX_PATTERN_LENGTH ? null : cut(pattern);
  if (cache.size >= 500) cache.clear();
  cache.set(pattern, items);
  return items;
}

function cut(pattern: string): readonly PatternItem[] | null {
  const stack: PatternItem[][] = [];
  let items: PatternItem[] = [];
  for (let at = 0; at < pattern.length; ) {
    const character = pattern.charAt(at);
    if (/[A-Za-z]/.test(character)) {
      let count = 1;
      while (pattern.charAt(at + count) === character) count += 1;
      if (!isAllowed(character, count)) return null;
      items.push({ kind: 'field', letter: character, count });
      at += count;
    } else if (character === "'") {
      const [text, end] = readQuoted(pattern, at);
      if (end < 0) return null;
      items.push({ kind: 'text', text });
      at = end;
    } else if (character === '[') {
      stack.push(items);
      items = [];
      at += 1;
    } else if (character === ']') {
      const outer = stack.pop();
      if (outer === undefined) return null;
      outer.push({ kind: 'optional', items });
      items = outer;
      at += 1;
    } else if (character === '{' || character === '}' || character === '#') {
      return null;
    } else {
      items.push({ kind: 'text', text: character });
      at += 1;
    }
  }
  // An optional section may stay open at the end.
  for (let outer = stack.pop(); outer !== undefined; outer = stack.pop()) {
    outer.push({ kind: 'optional', items });
    items = outer;
  }
  return items;
}

function isAllowed(letter: string, count: number): boolean {
  const max = Object.hasOwn(MAX_COUNTS, letter) ? MAX_COUNTS[letter] : undefined;
  if (max === undefined || count > max) return false;
  if (letter === 'V') return count === 2;
  if (letter === 'O' || letter === 'v') return count === 1 || count === 4;
  return letter !== 'c' || count !== 2;
}

// `''` is one quote, outside quotes and inside.
function readQuoted(pattern: string, start: number): readonly [string, number] {
  let text = '';
  for (let at = start + 1; at < pattern.length; at += 1) {
    if (pattern.charAt(at) !== "'") {
      text += pattern.charAt(at);
    } else if (pattern.charAt(at + 1) === "'") {
      text += "'";
      at += 1;
    } else {
      return [text === '' ? "'" : text, at + 1];
    }
  }
  return ['', -1];
}
