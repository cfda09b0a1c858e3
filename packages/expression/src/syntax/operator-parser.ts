import type { BinaryOperator, Node } from './ast.ts';
import type { Token } from './lexer.ts';
import { readPrimary } from './operand-parser.ts';
import { assertChain, noteBean, noteIncrement } from './refusals.ts';
import type { TokenCursor } from './token-cursor.ts';

type OperatorTable = ReadonlyMap<string, BinaryOperator>;

const OR: OperatorTable = new Map([
  ['or', 'or'],
  ['||', 'or'],
]);
const AND: OperatorTable = new Map([
  ['and', 'and'],
  ['&&', 'and'],
]);
const RELATION: OperatorTable = new Map([
  ['<', '<'],
  ['lt', '<'],
  ['<=', '<='],
  ['le', '<='],
  ['>', '>'],
  ['gt', '>'],
  ['>=', '>='],
  ['ge', '>='],
  ['==', '=='],
  ['eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['matches', 'matches'],
]);
const SUM: OperatorTable = new Map([
  ['+', '+'],
  ['-', '-'],
]);
const PRODUCT: OperatorTable = new Map([
  ['*', '*'],
  ['/', '/'],
  ['div', '/'],
  ['%', '%'],
  ['mod', '%'],
]);
const POWER: OperatorTable = new Map([['^', '^']]);

/** Reads an expression at the lowest precedence: what may stand in brackets, as an argument or as an element. */
export function readExpression(cursor: TokenCursor): Node {
  return cursor.nested(() => {
    const value = readOr(cursor);
    const operator = cursor.peek();
    if (operator.kind !== 'symbol') return value;
    if (operator.text === '?:') {
      cursor.next();
      assertSpacing(cursor, operator);
      return { kind: 'elvis', value, otherwise: readExpression(cursor), at: operator.start };
    }
    if (operator.text === '?') {
      cursor.next();
      const then = readExpression(cursor);
      cursor.expect(':', "':' and the value for the other case");
      return {
        kind: 'ternary',
        condition: value,
        then,
        otherwise: readExpression(cursor),
        at: operator.start,
      };
    }
    if (operator.text === '=') {
      cursor.next();
      cursor.note(
        'FEATURE_DISABLED',
        operator,
        "the assignment '='",
        "'=='",
        'Values cannot be assigned; compare with ==.',
      );
      readExpression(cursor);
    }
    return value;
  });
}

function readOr(cursor: TokenCursor): Node {
  return readLeftToRight(cursor, OR, readAnd);
}

function readAnd(cursor: TokenCursor): Node {
  return readLeftToRight(cursor, AND, readRelation);
}

function readRelation(cursor: TokenCursor): Node {
  const left = readSum(cursor);
  refuseForeignRelation(cursor);
  const operator = operatorHere(cursor, RELATION);
  if (operator === undefined) return left;
  const token = takeOperator(cursor);
  const node: Node = { kind: 'binary', operator, left, right: readSum(cursor), at: token.start };
  if (operatorHere(cursor, RELATION) !== undefined)
    cursor.fail("'and' or 'or'", 'Comparisons cannot be chained: a < b and b < c.');
  return node;
}

function readSum(cursor: TokenCursor): Node {
  return readLeftToRight(cursor, SUM, readProduct);
}

function readProduct(cursor: TokenCursor): Node {
  return readLeftToRight(cursor, PRODUCT, readPower);
}

function readPower(cursor: TokenCursor): Node {
  const left = readUnary(cursor);
  const operator = operatorHere(cursor, POWER);
  if (operator === undefined) return left;
  const token = takeOperator(cursor);
  const node: Node = { kind: 'binary', operator, left, right: readUnary(cursor), at: token.start };
  if (operatorHere(cursor, POWER) !== undefined)
    cursor.fail("an operator other than '^'", 'Put brackets around one of the powers.');
  return node;
}

function readLeftToRight(
  cursor: TokenCursor,
  table: OperatorTable,
  readOperand: (cursor: TokenCursor) => Node,
): Node {
  let left = readOperand(cursor);
  for (let length = 1; ; length += 1) {
    const operator = operatorHere(cursor, table);
    if (operator === undefined) return left;
    assertChain(cursor, length);
    const token = takeOperator(cursor);
    left = { kind: 'binary', operator, left, right: readOperand(cursor), at: token.start };
  }
}

function readUnary(cursor: TokenCursor): Node {
  const token = cursor.peek();
  const isNot = token.kind === 'name' && token.text.toLowerCase() === 'not';
  if (
    isNot ||
    (token.kind === 'symbol' && (token.text === '!' || token.text === '-' || token.text === '+'))
  ) {
    return cursor.nested(() => {
      cursor.next();
      const operator = token.text === '-' || token.text === '+' ? token.text : '!';
      return { kind: 'unary', operator, operand: readUnary(cursor), at: token.start };
    });
  }
  if (token.kind === 'symbol' && (token.text === '++' || token.text === '--')) {
    noteIncrement(cursor, token);
    return readUnary(cursor);
  }
  return readPrimary(cursor);
}

function operatorHere(cursor: TokenCursor, table: OperatorTable): BinaryOperator | undefined {
  const token = cursor.peek();
  if (token.kind === 'symbol') return table.get(token.text);
  return token.kind === 'name' ? table.get(token.text.toLowerCase()) : undefined;
}

function takeOperator(cursor: TokenCursor): Token {
  const token = cursor.next();
  assertSpacing(cursor, token);
  return token;
}

// "5+6" is refused although it is clear: an operator stands between blanks.
function assertSpacing(cursor: TokenCursor, operator: Token): void {
  const following = cursor.peek();
  if (operator.spaceBefore && following.spaceBefore) return;
  const hint =
    operator.text === '-'
      ? `Write ' - '; a name with a hyphen is written in brackets: #root['first-name'].`
      : `Write ' ${operator.text} '.`;
  cursor.note(
    'OPERATOR_SPACING',
    operator,
    `'${operator.text}' without a blank on both sides`,
    'white space before and after an operator',
    hint,
  );
}

function refuseForeignRelation(cursor: TokenCursor): void {
  const token = cursor.peek();
  if (token.kind === 'name' && token.text.toLowerCase() === 'instanceof') {
    cursor.next();
    cursor.note(
      'FEATURE_DISABLED',
      token,
      "'instanceof'",
      'a comparison',
      'Types cannot be asked for; compare the value, or give a default with ?: instead.',
    );
    readSum(cursor);
    return;
  }
  if (token.kind === 'name' && token.text.toLowerCase() === 'between') {
    cursor.fail('a comparison', "Write value >= low and value <= high instead of 'between'.");
  }
  if (token.kind === 'name' && token.text === 'in')
    cursor.fail('a comparison', "Write #data.containsAny(list, {value}) instead of 'in'.");
  if (token.kind === 'symbol' && (token.text === '===' || token.text === '!==')) {
    cursor.fail(
      `'${token.text.slice(0, 2)}'`,
      `Write ${token.text.slice(0, 2)}, which compares value and type already.`,
    );
  }
  if (token.kind === 'symbol' && token.text === '&')
    cursor.fail("'and'", "Write 'and' between conditions, and + between texts.");
}

/** Ends parsing where an expression is complete but the text goes on. */
export function failBehindExpression(cursor: TokenCursor): never {
  const token = cursor.peek();
  if (token.kind === 'symbol' && token.text === '@') noteBean(cursor);
  if (token.kind === 'name' || token.kind === 'number' || token.kind === 'string' || token.text === '(') {
    cursor.fail('an operator or the end', 'Join texts with + and values with , inside a function.');
  }
  return cursor.fail('an operator or the end');
}
