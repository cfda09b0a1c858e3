import { ExpressionError, type ExpressionErrorCode, refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { Node } from './ast.ts';
import type { Token } from './lexer.ts';

/** Walks over the tokens of one expression and gathers the faults after which parsing can go on. */
export class TokenCursor {
  readonly faults: ExpressionError[] = [];
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #readExpression: (cursor: TokenCursor) => Node;
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], read: (cursor: TokenCursor) => Node) {
    this.#tokens = tokens;
    this.#readExpression = read;
    this.#end = tokens.at(-1) ?? { kind: 'end', text: 'nothing', start: 0, spaceBefore: true };
  }

  /** An expression of its own: operands start the grammar anew in brackets, arguments and elements. */
  readExpression(): Node {
    return this.#readExpression(this);
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  /** Takes the symbol if it stands here. */
  accept(text: string): Token | undefined {
    return this.isSymbol(text) ? this.next() : undefined;
  }

  expect(text: string, expected = `'${text}'`): Token {
    return this.accept(text) ?? this.fail(expected);
  }

  /** Ends parsing at this token. */
  fail(expected: string, hint?: string): never {
    const token = this.peek();
    return refuse('SYNTAX', token.start, describeToken(token), expected, hint);
  }

  /** Notes a fault and lets parsing go on, so that one look shows them all. */
  note(code: ExpressionErrorCode, token: Token, found: string, expected: string, hint?: string): void {
    this.faults.push(new ExpressionError({ code, position: token.start, found, expected, hint }));
  }

  /** Runs a part that can contain itself, within the allowed nesting. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > expressionLimits.maxNesting) {
      refuse(
        'LIMIT',
        this.peek().start,
        `more than ${expressionLimits.maxNesting} levels of nesting`,
        'a flatter expression',
      );
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** Skips from an opening bracket to behind the one that closes it, or to the end. */
  skipBracketed(): void {
    let open = 0;
    do {
      const token = this.next();
      if (token.kind === 'end') return;
      if (token.kind !== 'symbol') continue;
      if ('([{'.includes(token.text.at(-1) ?? ' ')) open += 1;
      else if (')]}'.includes(token.text)) open -= 1;
    } while (open > 0);
  }
}

/** A token as an error message shows it. */
export function describeToken(token: Token): string {
  if (token.kind === 'end') return token.text;
  return token.kind === 'string' ? `the string '${token.text.slice(0, 40)}'` : `'${token.text.slice(0, 40)}'`;
}
