import {
  COMPARE_OPERATORS,
  type CompareOperator,
  DEFAULT_SCIM_FILTER_LIMITS,
  type ScimFilter,
  ScimFilterError,
  type ScimFilterLimits,
  type ScimValue,
} from './filter.ts';
import { lexFilter, type Token } from './lex-filter.ts';

// attrPath = [URI ":"] ATTRNAME *1subAttr (RFC 7644); deeper paths are accepted, as custom attributes may nest.
const ATTRIBUTE = /^(?:urn:[\w.:-]+:)?[A-Za-z$_][\w$-]*(?:\.[A-Za-z$_][\w$-]*)*$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Parses a filter; keywords in any case. Throws ScimFilterError with the place of the first fault. */
export function parseScimFilter(
  text: string,
  limits: ScimFilterLimits = DEFAULT_SCIM_FILTER_LIMITS,
): ScimFilter {
  if (text.length > limits.maxCharacters)
    throw new ScimFilterError(
      `The filter is longer than ${limits.maxCharacters} characters`,
      limits.maxCharacters,
    );
  const parser = new FilterParser(lexFilter(text), limits);
  return parser.whole();
}

class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #limits: ScimFilterLimits;
  #next = 0;
  #terms = 0;
  #depth = 0;
  #inValuePath = false;

  constructor(tokens: readonly Token[], limits: ScimFilterLimits) {
    this.#tokens = tokens;
    this.#limits = limits;
  }

  whole(): ScimFilter {
    if (this.#peek().kind === 'end') throw new ScimFilterError('The filter is empty', 0);
    const filter = this.#or();
    this.#expect('end', 'Expected and, or, or the end');
    return filter;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new ScimFilterError('The filter ends too early', 0);
    return token;
  }

  #expect(kind: Token['kind'], message: string): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw new ScimFilterError(`${message}, found ${show(token)}`, token.at);
    if (kind !== 'end') this.#next += 1;
    return token;
  }

  #takeKeyword(keyword: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== keyword) return false;
    this.#next += 1;
    return true;
  }

  /** `and` binds tighter than `or` (RFC 7644 §3.4.2.2). */
  #or(): ScimFilter {
    return this.#joined('or', () => this.#joined('and', () => this.#term()));
  }

  #joined(kind: 'and' | 'or', part: () => ScimFilter): ScimFilter {
    const parts = [part()];
    while (this.#takeKeyword(kind)) parts.push(part());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, of: parts };
  }

  #deeper<T>(at: number, inside: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#limits.maxDepth)
      throw new ScimFilterError(`The filter is nested more than ${this.#limits.maxDepth} deep`, at);
    const result = inside();
    this.#depth -= 1;
    return result;
  }

  #term(): ScimFilter {
    const token = this.#peek();
    this.#terms += 1;
    if (this.#terms > this.#limits.maxTerms)
      throw new ScimFilterError(`The filter has more than ${this.#limits.maxTerms} parts`, token.at);
    if (token.kind === '(') return this.#group();
    if (token.kind !== 'word')
      throw new ScimFilterError(`Expected an attribute, found ${show(token)}`, token.at);
    if (token.text.toLowerCase() === 'not' && this.#tokens[this.#next + 1]?.kind === '(') {
      this.#next += 1;
      return { kind: 'not', of: this.#group() };
    }
    return this.#attributeTerm(token.text, token.at);
  }

  #group(): ScimFilter {
    const open = this.#expect('(', 'Expected (');
    const filter = this.#deeper(open.at, () => this.#or());
    this.#expect(')', 'Expected )');
    return filter;
  }

  #attributeTerm(attribute: string, at: number): ScimFilter {
    if (!ATTRIBUTE.test(attribute))
      throw new ScimFilterError(`${JSON.stringify(attribute)} is not an attribute name`, at);
    this.#next += 1;
    const token = this.#peek();
    if (token.kind === '[') return this.#valuePath(attribute, at);
    if (token.kind !== 'word')
      throw new ScimFilterError(`Expected an operator after ${attribute}, found ${show(token)}`, token.at);
    this.#next += 1;
    const word = token.text.toLowerCase();
    if (word === 'pr') return { kind: 'present', attribute, at };
    const operator = COMPARE_OPERATORS.find((known) => known === word);
    if (operator === undefined)
      throw new ScimFilterError(
        `${JSON.stringify(token.text)} is not an operator; use pr, ${COMPARE_OPERATORS.join(', ')}`,
        token.at,
      );
    return { kind: 'compare', attribute, operator, value: this.#value(operator), at };
  }

  #valuePath(attribute: string, at: number): ScimFilter {
    if (this.#inValuePath) throw new ScimFilterError('Brackets cannot stand inside brackets', at);
    this.#expect('[', 'Expected [');
    this.#inValuePath = true;
    const of = this.#deeper(at, () => this.#or());
    this.#inValuePath = false;
    this.#expect(']', 'Expected ]');
    return { kind: 'valuePath', attribute, of, at };
  }

  #value(operator: CompareOperator): ScimValue {
    const token = this.#peek();
    if (token.kind === 'string') {
      this.#next += 1;
      return token.value;
    }
    const word = token.kind === 'word' ? token.text : '';
    const lower = word.toLowerCase();
    if (lower === 'true' || lower === 'false') {
      this.#next += 1;
      return lower === 'true';
    }
    if (lower === 'null') {
      this.#next += 1;
      return null;
    }
    if (NUMBER.test(word)) {
      this.#next += 1;
      return Number(word);
    }
    throw new ScimFilterError(
      `Expected a value after ${operator}: a text in quotation marks, a number, true, false or null; found ${show(token)}`,
      token.at,
    );
  }
}

function show(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'word') return JSON.stringify(token.text);
  return token.kind === 'string' ? `the text ${JSON.stringify(token.value)}` : token.kind;
}
