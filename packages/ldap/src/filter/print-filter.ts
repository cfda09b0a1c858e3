import { readUtf8 } from '../values/utf8.ts';
import type { Filter } from './filter.ts';

/** What RFC 4515 §3 wants escaped, and control characters, which only confuse. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /[*()\\\u0000-\u001f\u007f]/g;

const OPERATORS = { equality: '=', greaterOrEqual: '>=', lessOrEqual: '<=', approx: '~=' } as const;

/** The text form of a filter (RFC 4515). `parseFilter` of it gives an equal filter. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return `(&${filter.filters.map(printFilter).join('')})`;
    case 'or':
      return `(|${filter.filters.map(printFilter).join('')})`;
    case 'not':
      return `(!${printFilter(filter.filter)})`;
    case 'present':
      return `(${filter.attribute}=*)`;
    case 'substrings': {
      const parts = [filter.initial, ...filter.any, filter.final];
      return `(${filter.attribute}=${parts.map((part) => (part === undefined ? '' : escapeFilterValue(part))).join('*')})`;
    }
    case 'extensible': {
      const dn = filter.dnAttributes ? ':dn' : '';
      const rule = filter.matchingRule === undefined ? '' : `:${filter.matchingRule}`;
      return `(${filter.attribute ?? ''}${dn}${rule}:=${escapeFilterValue(filter.value)})`;
    }
    default:
      return `(${filter.attribute}${OPERATORS[filter.kind]}${escapeFilterValue(filter.value)})`;
  }
}

/** Escapes an assertion value for the text form. Bytes that are not UTF-8 become `\xx` one by one. */
export function escapeFilterValue(value: Buffer | string): string {
  const text = typeof value === 'string' ? value.toWellFormed() : readUtf8(value);
  if (text !== undefined) return text.replace(NEEDS_ESCAPE, (character) => hexPair(character.charCodeAt(0)));
  let escaped = '';
  for (const byte of Buffer.from(value)) {
    const isPlain =
      byte >= 0x20 && byte < 0x7f && byte !== 0x28 && byte !== 0x29 && byte !== 0x2a && byte !== 0x5c;
    escaped += isPlain ? String.fromCharCode(byte) : hexPair(byte);
  }
  return escaped;
}

/** Every byte as `\xx`: the form in which binary identities are sought, e.g. objectGUID. */
export function escapeFilterBytes(value: Buffer): string {
  return value.toString('hex').replace(/../g, '\\$&');
}

function hexPair(code: number): string {
  return `\\${code.toString(16).padStart(2, '0')}`;
}
