import { refuse } from '../errors.ts';

/**
 * A Java regular expression in the syntax of the engine. Look-ahead, which linear-time engines lack, is kept where it
 * can be had otherwise: at the very end it becomes text after the match, at the very start a condition on whole values.
 */
export interface Translation {
  readonly body: string;
  /** Look-ahead assertions before the body, in order. */
  readonly leading: readonly LookAhead[];
  /** The look-ahead behind the body. */
  readonly trailing: string | undefined;
}

export interface LookAhead {
  readonly source: string;
  readonly isNegative: boolean;
}

/** @throws ExpressionError `REGEX_UNSUPPORTED` for what no linear-time engine can do, naming the construct. */
export function translatePattern(source: string, position: number): Translation {
  const reader = new PatternReader(source, position);
  const leading: LookAhead[] = [];
  const parts: string[] = [];
  let trailing: string | undefined;
  let hasAlternative = false;
  while (!reader.atEnd()) {
    if (trailing !== undefined) reader.unsupported('a look-ahead in the middle');
    if (reader.startsWith('(?=') || reader.startsWith('(?!')) {
      const isNegative = reader.startsWith('(?!');
      const look = reader.readLookAhead();
      if (parts.every((part) => part === '^' || part === '\\A')) leading.push({ source: look, isNegative });
      else if (isNegative) reader.unsupported('a negative look-ahead behind other text');
      else trailing = look;
      continue;
    }
    hasAlternative ||= reader.startsWith('|');
    parts.push(reader.readPart());
  }
  if (hasAlternative && (leading.length > 0 || trailing !== undefined))
    reader.unsupported('a look-ahead beside alternatives');
  return { body: parts.join(''), leading, trailing };
}

const POSIX = new Map(
  [
    'Lower',
    'Upper',
    'ASCII',
    'Alpha',
    'Digit',
    'Alnum',
    'Punct',
    'Graph',
    'Print',
    'Blank',
    'Cntrl',
    'XDigit',
    'Space',
  ].map((name) => [name, name.toLowerCase()]),
);
const JAVA_CLASSES: ReadonlyMap<string, string> = new Map([
  ['javaLowerCase', 'Ll'],
  ['javaUpperCase', 'Lu'],
  ['javaLetter', 'L'],
  ['javaDigit', 'Nd'],
  ['IsAlphabetic', 'L'],
  ['IsLetter', 'L'],
  ['IsLowercase', 'Ll'],
  ['IsUppercase', 'Lu'],
  ['IsDigit', 'Nd'],
  ['IsPunctuation', 'P'],
]);
const HORIZONTAL_SPACE = ' \\t\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}';
const VERTICAL_SPACE = '\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}';

class PatternReader {
  readonly #source: string;
  readonly #position: number;
  #at = 0;
  #depth = 0;

  constructor(source: string, position: number) {
    this.#source = source;
    this.#position = position;
  }

  atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  startsWith(text: string): boolean {
    return this.#source.startsWith(text, this.#at);
  }

  unsupported(construct: string): never {
    return refuse(
      'REGEX_UNSUPPORTED',
      this.#position,
      `${construct} in the regular expression '${this.#source.slice(0, 60)}'`,
      'a regular expression that can be matched in linear time',
      'Split the condition in two with and, or take the part with a group and $1.',
    );
  }

  /** Reads `(?=…)` or `(?!…)` and returns what stands in it. */
  readLookAhead(): string {
    this.#at += 3;
    let text = '';
    while (!this.atEnd() && !this.startsWith(')')) text += this.readPart();
    if (this.atEnd())
      refuse('REGEX_INVALID', this.#position, 'a look-ahead without its closing bracket', "')'");
    this.#at += 1;
    return text;
  }

  /** Reads one character, escape, class or whole group. */
  readPart(): string {
    const character = this.#source.charAt(this.#at);
    switch (character) {
      case '\\':
        return this.#readEscape(false);
      case '[':
        return this.#readClass();
      case '(':
        return this.#readGroup();
      case '*':
      case '+':
      case '?':
      case '}':
        this.#at += 1;
        if (this.startsWith('+')) this.unsupported('a possessive quantifier');
        return character;
      default:
        this.#at += 1;
        return character;
    }
  }

  #readGroup(): string {
    let text = this.#readGroupOpening();
    if (text.endsWith(')')) return text;
    this.#depth += 1;
    // The same bound as for expressions, so that a hostile pattern cannot overflow the stack here or in the engine.
    if (this.#depth > 100) this.unsupported('a nesting of more than 100 groups');
    while (!this.atEnd() && !this.startsWith(')')) text += this.readPart();
    this.#depth -= 1;
    if (this.atEnd()) refuse('REGEX_INVALID', this.#position, 'a group without its closing bracket', "')'");
    this.#at += 1;
    return `${text})`;
  }

  #readGroupOpening(): string {
    if (this.startsWith('(?=') || this.startsWith('(?!')) this.unsupported('a look-ahead inside a group');
    if (this.startsWith('(?>')) this.unsupported('an atomic group');
    const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(this.#source.slice(this.#at, this.#at + 20));
    if (flags !== null) {
      const [whole, on = '', off = '', ending = ''] = flags;
      const foreign = /[^ismu]/.exec(on + off);
      if (foreign !== null) this.unsupported(`the flag '${foreign[0]}'`);
      this.#at += whole.length;
      // The engine folds case by Unicode anyway, which is what Java's u asks for.
      const kept = on.replaceAll('u', '');
      const dropped = off.replaceAll('u', '');
      if (ending === ')' && kept + dropped === '') return '(?:)';
      return `(?${kept}${dropped === '' ? '' : `-${dropped}`}${ending}`;
    }
    const opening =
      /^\((?:\?<?[=!]|\?<[A-Za-z][A-Za-z0-9]*>)?/.exec(this.#source.slice(this.#at))?.[0] ?? '(';
    this.#at += opening.length;
    return opening;
  }

  #readClass(): string {
    this.#at += 1;
    let text = '[';
    if (this.startsWith('^')) {
      text += '^';
      this.#at += 1;
    }
    for (let isFirst = true; ; isFirst = false) {
      if (this.atEnd())
        return refuse('REGEX_INVALID', this.#position, 'a character class without its end', "']'");
      const character = this.#source.charAt(this.#at);
      if (character === ']' && !isFirst) break;
      if (this.startsWith('&&')) this.unsupported('an intersection of character classes');
      if (character === '[')
        this.unsupported('a character class within another; a literal bracket is written \\[');
      if (character === '\\') {
        text += this.#readEscape(true);
        continue;
      }
      text += character === ']' ? '\\]' : character;
      this.#at += 1;
    }
    this.#at += 1;
    return `${text}]`;
  }

  #readEscape(inClass: boolean): string {
    const rest = this.#source.slice(this.#at + 1);
    const character = rest.charAt(0);
    const take = (length: number, text: string): string => {
      this.#at += 1 + length;
      return text;
    };
    const inBrackets = (set: string): string => (inClass ? set : `[${set}]`);
    switch (character) {
      case '':
        return refuse(
          'REGEX_INVALID',
          this.#position,
          'a backslash at the end of a regular expression',
          'an escaped character',
        );
      case 'Q': {
        const end = rest.indexOf('\\E');
        const quoted = end < 0 ? rest.slice(1) : rest.slice(1, end);
        return take(end < 0 ? rest.length : end + 2, quoted.replace(/[\\^$.*+?()[\]{}|&-]/g, '\\$&'));
      }
      case 'p':
      case 'P':
        return this.#readProperty(rest, inClass);
      case 'u': {
        const digits = /^u([0-9a-fA-F]{4})/.exec(rest)?.[1];
        return digits === undefined
          ? refuse('REGEX_INVALID', this.#position, "'\\u' without four hexadecimal digits", '\\u00e9')
          : take(5, `\\x{${digits}}`);
      }
      case '0': {
        const digits = /^0([0-3]?[0-7]{1,2})/.exec(rest)?.[1] ?? '0';
        return take(1 + digits.length, `\\x{${Number.parseInt(digits, 8).toString(16)}}`);
      }
      case 'c':
        return take(2, `\\x{${(rest.charCodeAt(1) ^ 64).toString(16)}}`);
      case 'e':
        return take(1, '\\x1B');
      case 'h':
        return take(1, inBrackets(HORIZONTAL_SPACE));
      case 'v':
        return take(1, inBrackets(VERTICAL_SPACE));
      case 'H':
      case 'V':
        if (inClass) return this.unsupported(`'\\${character}' in a character class`);
        return take(1, `[^${character === 'H' ? HORIZONTAL_SPACE : VERTICAL_SPACE}]`);
      case 'R':
        return take(1, `(?:\\r\\n|[${VERTICAL_SPACE}])`);
      case 'Z':
        return take(1, '\\z');
      case 'G':
      case 'X':
      case 'N':
      case 'k':
        return this.unsupported(character === 'k' ? 'a back-reference' : `'\\${character}'`);
      default:
        if (character >= '1' && character <= '9') return this.unsupported('a back-reference');
        if (/[A-Za-z]/.test(character)) return take(1, `\\${character}`);
        // Java lets any other character be escaped; the engine knows ASCII punctuation only.
        return take(1, /[ -~]/.test(character) && character !== ' ' ? `\\${character}` : character);
    }
  }

  #readProperty(rest: string, inClass: boolean): string {
    const match = /^([pP])(?:\{([A-Za-z_=]+)\}|([A-Za-z]))/.exec(rest);
    if (match === null) return refuse('REGEX_INVALID', this.#position, "'\\p' without a property", '\\p{L}');
    const [whole, letter = 'p', long, short] = match;
    const name = long ?? short ?? '';
    this.#at += 1 + whole.length;
    const posix = POSIX.get(name);
    if (posix !== undefined) {
      const set = `[:${letter === 'P' ? '^' : ''}${posix}:]`;
      return inClass ? set : `[${set}]`;
    }
    const property =
      JAVA_CLASSES.get(name) ?? name.replace(/^Is/, '').replace(/^(?:gc|general_category|sc|script)=/i, '');
    return `\\${letter}{${property}}`;
  }
}
