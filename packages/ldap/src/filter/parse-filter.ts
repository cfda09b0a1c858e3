import { foundAt, LdapTextError } from '../values/text-error.ts';
import type { Filter } from './filter.ts';
import { DEFAULT_FILTER_LIMITS, type FilterLimits } from './filter-limits.ts';
import { parseFilterItem } from './parse-filter-item.ts';

/**
 * Reads a search filter in its text form (RFC 4515). Tolerated beyond the RFC, because people and products write it:
 * spaces between the parts, and a whole filter without the outer parentheses (`uid=ana`).
 *
 * @throws LdapTextError `FILTER_SYNTAX` with the position, `FILTER_LIMIT` when a limit is exceeded
 */
export function parseFilter(text: string, limits: FilterLimits = DEFAULT_FILTER_LIMITS): Filter {
  if (text.length > limits.maxLength)
    throw overLimit(`${text.length} characters`, `at most ${limits.maxLength}`);
  return new FilterReader(text, limits).read();
}

/** One pass over a filter text. */
class FilterReader {
  readonly #text: string;
  readonly #limits: FilterLimits;
  #position = 0;
  #items = 0;

  constructor(text: string, limits: FilterLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): Filter {
    this.#skipSpaces();
    if (this.#position === this.#text.length) throw this.#unexpected('a filter such as (objectClass=person)');
    const filter = this.#peek() === '(' ? this.#readParenthesized(1) : this.#readBare();
    this.#skipSpaces();
    if (this.#position < this.#text.length) {
      throw this.#peek() === ')'
        ? this.#unexpected('the end', 'There is one closing parenthesis too many.')
        : this.#unexpected('the end', 'Join several filters with (&…) or (|…).');
    }
    return filter;
  }

  /** A filter whose outer parentheses were left out: the rest of the text stands between them. */
  #readBare(): Filter {
    this.#countItem();
    const first = this.#peek();
    if (first === '&' || first === '|' || first === '!') return this.#readComposite(first, 1);
    const filter = parseFilterItem(this.#text, this.#position, this.#text.trimEnd().length);
    this.#position = this.#text.length;
    return filter;
  }

  #readParenthesized(depth: number): Filter {
    if (depth > this.#limits.maxDepth) {
      throw overLimit(
        `parentheses nested deeper than ${this.#limits.maxDepth}`,
        'a flatter filter',
        this.#position,
      );
    }
    this.#countItem();
    const open = this.#position;
    this.#position += 1;
    this.#skipSpaces();
    const first = this.#peek();
    let filter: Filter;
    if (first === '&' || first === '|' || first === '!') {
      filter = this.#readComposite(first, depth);
      this.#skipSpaces();
    } else {
      const end = this.#itemEnd();
      filter = parseFilterItem(this.#text, this.#position, end);
      this.#position = end;
    }
    if (this.#peek() !== ')') {
      throw this.#unexpected(`a closing parenthesis for the one at position ${open}`);
    }
    this.#position += 1;
    return filter;
  }

  /** Behind `&`, `|` or `!`: the filters they join, up to what is no opening parenthesis. */
  #readComposite(operator: '&' | '|' | '!', depth: number): Filter {
    this.#position += 1;
    const filters: Filter[] = [];
    this.#skipSpaces();
    while (this.#peek() === '(') {
      filters.push(this.#readParenthesized(depth + 1));
      this.#skipSpaces();
    }
    const next = this.#peek();
    if (next !== undefined && next !== ')') {
      throw this.#unexpected(
        'an opening parenthesis',
        `Each filter behind ${operator} stands in its own parentheses: (${operator}(a=b)).`,
      );
    }
    if (operator !== '!') return { kind: operator === '&' ? 'and' : 'or', filters };
    const [filter, ...more] = filters;
    if (filter !== undefined && more.length === 0) return { kind: 'not', filter };
    throw this.#unexpected(
      'exactly one filter behind !',
      `${filters.length} were given. Negate several with (!(|…)) or (!(&…)).`,
    );
  }

  /** An item ends at the first parenthesis, which a value may hold only escaped. */
  #itemEnd(): number {
    const close = this.#text.indexOf(')', this.#position);
    return close === -1 ? this.#text.length : close;
  }

  #countItem(): void {
    this.#items += 1;
    if (this.#items > this.#limits.maxItems) {
      throw overLimit(`more than ${this.#limits.maxItems} items`, 'a smaller filter', this.#position);
    }
  }

  #peek(): string | undefined {
    return this.#text[this.#position];
  }

  #skipSpaces(): void {
    let code = this.#text.charCodeAt(this.#position);
    while (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      this.#position += 1;
      code = this.#text.charCodeAt(this.#position);
    }
  }

  #unexpected(expected: string, advice?: string): LdapTextError {
    return new LdapTextError({
      code: 'FILTER_SYNTAX',
      subject: 'Filter',
      position: this.#position,
      found: foundAt(this.#text, this.#position),
      expected,
      ...(advice === undefined ? {} : { advice }),
    });
  }
}

function overLimit(found: string, expected: string, position?: number): LdapTextError {
  return new LdapTextError({
    code: 'FILTER_LIMIT',
    subject: 'Filter',
    ...(position === undefined ? {} : { position }),
    found,
    expected,
  });
}
