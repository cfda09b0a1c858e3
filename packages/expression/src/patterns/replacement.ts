import { refuse } from '../errors.ts';
import { groupNumber, type Pattern, type PatternMatch } from './pattern.ts';

/** A piece of a replacement: literal text or the number of a group. */
export type ReplacementPart = string | number;

/**
 * Reads a replacement by Java's rules: `$1` and `${name}` stand for groups, a backslash takes the next character
 * literally. `$12` is group 12 if there are that many, else group 1 and a `2`.
 * @throws ExpressionError `REGEX_INVALID` for a group that does not exist.
 */
export function readReplacement(
  template: string,
  pattern: Pattern,
  position: number,
): readonly ReplacementPart[] {
  if (!/[$\\]/.test(template)) return [template];
  const groupCount = pattern.regex.groupCount() - (pattern.hasTrailing ? 1 : 0);
  const parts: ReplacementPart[] = [];
  for (const [token] of template.matchAll(/\$\{[^}]*\}|\$\d+|\\[\s\S]|[^$\\]+|[$\\]/g)) {
    if (token.startsWith('\\') && token.length > 1) {
      parts.push(token.slice(1));
    } else if (token.startsWith('${')) {
      const group = groupNumber(pattern, token.slice(2, -1));
      parts.push(group ?? refuseGroup(token, position));
    } else if (/^\$\d/.test(token)) {
      const digits = token.slice(1);
      let length = digits.length;
      while (length > 1 && Number(digits.slice(0, length)) > groupCount) length -= 1;
      const group = Number(digits.slice(0, length));
      parts.push(group > groupCount ? refuseGroup(token, position) : group, digits.slice(length));
    } else if (token === '$' || token === '\\') {
      refuse(
        'REGEX_INVALID',
        position,
        `a single '${token}' in the replacement`,
        `'\\${token}' for the character itself, or $1 for a group`,
      );
    } else {
      parts.push(token);
    }
  }
  return parts;
}

export function expandReplacement(parts: readonly ReplacementPart[], match: PatternMatch): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : (match.groups[part] ?? '');
  return text;
}

function refuseGroup(token: string, position: number): never {
  return refuse(
    'REGEX_INVALID',
    position,
    `the group ${token}, which the regular expression does not have`,
    'a group of the regular expression',
    "Write '\\$' for the character itself.",
  );
}
