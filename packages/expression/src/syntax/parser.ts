/**
 * The grammar, one function per level of precedence and per form of operand. It stays one file, because the levels
 * call each other in a circle: an operand in brackets starts at the lowest level again.
 *
 * Faults that leave the structure clear (a missing blank, a refused feature) are noted and parsing goes on; others end it.
 */
import { ExpressionError, refuse, refuseAll } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { ArrayType, BinaryOperator, MapEntryNode, Node } from './ast.ts';
import { methodHint, typeHint } from './habits.ts';
import { readTokens, type Token } from './lexer.ts';
import { readNumber } from './number-literal.ts';
import { describeToken, TokenCursor } from './token-cursor.ts';

/** A parsed expression: `text` is the text as stored (line breaks are blanks), `ast` its tree. */
export interface Expression {
  readonly text: string;
  readonly ast: Node;
}

/**
 * Parses one expression.
 * @throws ExpressionError with every fault found in `problems`: `SYNTAX`, `OPERATOR_SPACING`, `FEATURE_DISABLED`,
 * `UNKNOWN_VARIABLE`, or `LIMIT` for a text that is too long or nested too deep.
 */
export function parseExpression(source: string): Expression {
  const bytes = Buffer.byteLength(source);
  if (bytes > expressionLimits.maxExpressionBytes) {
    refuse('LIMIT', 0, `${bytes} bytes`, `at most ${expressionLimits.maxExpressionBytes} bytes`);
  }
  const text = source.replace(/\r\n|[\r\n\u2028\u2029]/g, ' ');
  const cursor = new TokenCursor(readTokens(text));
  try {
    const ast = readExpression(cursor);
    if (cursor.peek().kind !== 'end') failBehindExpression(cursor);
    refuseAll(cursor.faults);
    return { text, ast };
  } catch (error) {
    if (
      error instanceof ExpressionError &&
      cursor.faults.length > 0 &&
      !error.problems.includes(cursor.faults[0] ?? error)
    ) {
      refuseAll([...cursor.faults, error]);
    }
    throw error;
  }
}

// ---- operators, lowest precedence first ----------------------------------------------------------------------------

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

const OPERATOR_WORDS = new Set([
  ...OR.keys(),
  ...AND.keys(),
  ...RELATION.keys(),
  ...PRODUCT.keys(),
  'not',
  'instanceof',
  'between',
]);

function readExpression(cursor: TokenCursor): Node {
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

function failBehindExpression(cursor: TokenCursor): never {
  const token = cursor.peek();
  if (token.kind === 'symbol' && token.text === '@') noteBean(cursor);
  if (token.kind === 'name' || token.kind === 'number' || token.kind === 'string' || token.text === '(') {
    cursor.fail('an operator or the end', 'Join texts with + and values with , inside a function.');
  }
  return cursor.fail('an operator or the end');
}

// ---- operands ------------------------------------------------------------------------------------------------------

function readPrimary(cursor: TokenCursor): Node {
  let node = readStart(cursor);
  for (let length = 1; ; length += 1) {
    const token = cursor.peek();
    if (token.kind !== 'symbol') return node;
    switch (token.text) {
      case '.':
      case '?.':
        node = readMember(cursor, node);
        break;
      case '[':
        cursor.next();
        node = { kind: 'index', target: node, index: readExpression(cursor), at: token.start };
        cursor.expect(']');
        break;
      case '.?[':
      case '.^[':
      case '.$[': {
        cursor.next();
        const mode = token.text === '.?[' ? 'all' : token.text === '.^[' ? 'first' : 'last';
        node = { kind: 'filter', mode, target: node, condition: readExpression(cursor), at: token.start };
        cursor.expect(']');
        break;
      }
      case '.![':
        cursor.next();
        node = { kind: 'projection', target: node, body: readExpression(cursor), at: token.start };
        cursor.expect(']');
        break;
      case '++':
      case '--':
        noteIncrement(cursor, token);
        break;
      default:
        return node;
    }
    assertChain(cursor, length);
  }
}

// `.name`, or the refusal of `.name(…)`, which in Java would call a method.
function readMember(cursor: TokenCursor, target: Node): Node {
  const dot = cursor.next();
  if (dot.text === '?.') {
    cursor.note(
      'FEATURE_DISABLED',
      dot,
      "the safe navigation '?.'",
      "'.'",
      'A plain dot is enough: access to null gives null.',
    );
    if (cursor.isSymbol('[') || cursor.isSymbol('?') || cursor.isSymbol('!') || cursor.isSymbol('^')) {
      cursor.fail("'.' and the operation, as in list.?[condition]");
    }
  }
  const name = cursor.peek();
  if (name.kind === 'symbol' && name.text === '{') {
    cursor.fail('a name', 'Write list.![expression] to project and list.?[condition] to select.');
  }
  if (name.kind !== 'name')
    cursor.fail('a name', "A name with other characters is written in brackets: value['full-name'].");
  cursor.next();
  if (cursor.isSymbol('(')) {
    cursor.note(
      'FEATURE_DISABLED',
      name,
      `the method call '.${name.text}(…)'`,
      'a property or a library function',
      methodHint(name.text),
    );
    cursor.next();
    readItems(cursor, ')');
  }
  return { kind: 'property', target, name: name.text, at: name.start };
}

function readStart(cursor: TokenCursor): Node {
  const token = cursor.peek();
  switch (token.kind) {
    case 'string':
      cursor.next();
      return { kind: 'literal', value: token.text, at: token.start };
    case 'number':
      cursor.next();
      return readNumber(token);
    case 'name':
      return readNamed(cursor, token);
    case 'symbol':
      return readSymbolic(cursor, token);
    case 'end':
      return cursor.fail('an expression');
  }
}

function readSymbolic(cursor: TokenCursor, token: Token): Node {
  switch (token.text) {
    case '(': {
      cursor.next();
      const inner = readExpression(cursor);
      cursor.expect(')');
      return inner;
    }
    case '{':
      return readBraces(cursor);
    case '#':
      return readVariable(cursor);
    case '@':
      noteBean(cursor);
      return { kind: 'literal', value: null, at: token.start };
    default:
      return cursor.fail('an expression');
  }
}

function readNamed(cursor: TokenCursor, token: Token): Node {
  const word = token.text.toLowerCase();
  if (word === 'null') return literal(cursor, null);
  if (word === 'true') return literal(cursor, true);
  if (word === 'false') return literal(cursor, false);
  if (token.text === 'new' && cursor.peek(1).kind === 'name') return readNew(cursor);
  if (token.text === 'T' && cursor.isSymbol('(', 1)) return refuseType(cursor);
  if (OPERATOR_WORDS.has(word))
    return cursor.fail('an expression', `An attribute of that name is written #root.${token.text}.`);
  cursor.next();
  if (cursor.isSymbol('(')) {
    cursor.note(
      'FEATURE_DISABLED',
      token,
      `the method call '${token.text}(…)'`,
      'a function with its library, such as #string.trim(value)',
      methodHint(token.text),
    );
    cursor.next();
    readItems(cursor, ')');
  }
  return { kind: 'name', name: token.text, at: token.start };
}

function literal(cursor: TokenCursor, value: boolean | null): Node {
  return { kind: 'literal', value, at: cursor.next().start };
}

const LIBRARIES = new Set(['string', 'datetime', 'data', 'regex', 'crypto', 'core']);

function readVariable(cursor: TokenCursor): Node {
  const hash = cursor.next();
  const name = cursor.peek();
  if (name.kind === 'symbol' && name.text === '{') {
    return cursor.fail(
      'a name',
      'Expressions are written without a wrapper: givenName instead of #{givenName}.',
    );
  }
  if (name.kind !== 'name') return cursor.fail("a name such as 'root', 'this' or 'string'");
  cursor.next();
  if (name.text === 'root' || name.text === 'this')
    return { kind: 'variable', name: name.text, at: hash.start };
  const isLibrary = LIBRARIES.has(name.text);
  if (!isLibrary) {
    cursor.note(
      'UNKNOWN_VARIABLE',
      hash,
      `'#${name.text}'`,
      '#root, #this, #string, #datetime, #data, #regex, #crypto or #core',
      'Attributes are written without #: givenName or #root.givenName.',
    );
    if (!cursor.isSymbol('.')) return { kind: 'literal', value: null, at: hash.start };
  }
  if (isLibrary) cursor.expect('.', `'.' and a function of #${name.text}`);
  else cursor.next();
  const called = cursor.peek();
  if (called.kind !== 'name') return cursor.fail(`a function of #${name.text}`);
  cursor.next();
  if (!isLibrary && !cursor.isSymbol('(')) return { kind: 'literal', value: null, at: hash.start };
  cursor.expect('(', `'(' behind #${name.text}.${called.text}`);
  return {
    kind: 'call',
    library: name.text,
    name: called.text,
    args: readItems(cursor, ')'),
    at: hash.start,
  };
}

function readItems(cursor: TokenCursor, closing: ')' | '}'): readonly Node[] {
  return cursor.accept(closing) ? [] : readRemaining(cursor, closing);
}

function readRemaining(cursor: TokenCursor, closing: ')' | '}'): readonly Node[] {
  const items: Node[] = [];
  for (;;) {
    items.push(readExpression(cursor));
    if (cursor.accept(closing)) return items;
    cursor.expect(',', `',' or '${closing}'`);
  }
}

// `{a, b}` is a list, `{k: v}` a map, `{}` the empty list, `{:}` the empty map.
function readBraces(cursor: TokenCursor): Node {
  const brace = cursor.next();
  if (cursor.accept('}')) return { kind: 'list', items: [], at: brace.start };
  if (cursor.accept(':')) {
    cursor.expect('}');
    return { kind: 'map', entries: [], at: brace.start };
  }
  const first = readMapKey(cursor);
  if (cursor.isSymbol(':')) return { kind: 'map', entries: readEntries(cursor, first), at: brace.start };
  if (cursor.accept('}')) return { kind: 'list', items: [first], at: brace.start };
  cursor.expect(',', "',', ':' or '}'");
  return { kind: 'list', items: [first, ...readRemaining(cursor, '}')], at: brace.start };
}

function readEntries(cursor: TokenCursor, firstKey: Node): readonly MapEntryNode[] {
  const entries: MapEntryNode[] = [];
  for (let key = firstKey; ; key = readMapKey(cursor)) {
    cursor.expect(':', "':' and the value of the key");
    entries.push({ key, value: readExpression(cursor) });
    if (cursor.accept('}')) return entries;
    cursor.expect(',', "',' or '}'");
  }
}

// An unquoted word before the colon is the key itself, not the attribute of that name.
function readMapKey(cursor: TokenCursor): Node {
  const token = cursor.peek();
  if (token.kind === 'name' && cursor.isSymbol(':', 1) && token.text.toLowerCase() !== 'null') {
    cursor.next();
    return { kind: 'literal', value: token.text, at: token.start };
  }
  return readExpression(cursor);
}

const ARRAY_TYPES: ReadonlyMap<string, ArrayType> = new Map(
  (['byte', 'short', 'int', 'long', 'float', 'double', 'char', 'boolean'] as const).map((type) => [
    type,
    type,
  ]),
);

function readNew(cursor: TokenCursor): Node {
  const start = cursor.next();
  const typeName = cursor.next();
  const type = ARRAY_TYPES.get(typeName.text);
  if (type === undefined || !cursor.isSymbol('[')) return refuseConstructor(cursor, start, typeName.text);
  const sizes: Node[] = [];
  let dimensions = 0;
  while (cursor.accept('[')) {
    dimensions += 1;
    if (cursor.accept(']')) continue;
    sizes.push(readExpression(cursor));
    cursor.expect(']');
  }
  if (dimensions > 2)
    refuse('SYNTAX', start.start, `an array of ${dimensions} dimensions`, 'one or two dimensions');
  if (!cursor.isSymbol('{')) {
    if (sizes.length !== dimensions) cursor.fail("a size between the brackets, or '{' and the elements");
    return { kind: 'array', type, sizes, items: null, at: start.start };
  }
  if (dimensions > 1) cursor.fail('no elements: an array of two dimensions has sizes only');
  if (sizes.length > 0) cursor.fail('either a size or the elements, not both');
  cursor.next();
  return { kind: 'array', type, sizes: [], items: readItems(cursor, '}'), at: start.start };
}

function refuseConstructor(cursor: TokenCursor, start: Token, simpleName: string): Node {
  let typeName = simpleName;
  while (cursor.isSymbol('.') && cursor.peek(1).kind === 'name') {
    cursor.next();
    typeName += `.${cursor.next().text}`;
  }
  cursor.note('FEATURE_DISABLED', start, `the constructor 'new ${typeName}'`, 'a value', typeHint(typeName));
  while (cursor.isSymbol('(') || cursor.isSymbol('[') || cursor.isSymbol('{')) cursor.skipBracketed();
  return { kind: 'literal', value: null, at: start.start };
}

function refuseType(cursor: TokenCursor): Node {
  const start = cursor.next();
  let typeName = '';
  for (let ahead = 1; !cursor.isSymbol(')', ahead) && cursor.peek(ahead).kind !== 'end'; ahead += 1)
    typeName += cursor.peek(ahead).text;
  cursor.skipBracketed();
  cursor.note(
    'FEATURE_DISABLED',
    start,
    `the type 'T(${typeName.slice(0, 60)})'`,
    'a library function',
    typeHint(typeName),
  );
  // The method behind belongs to the same habit and gets no second message.
  while (cursor.isSymbol('.') && cursor.peek(1).kind === 'name') {
    cursor.next();
    cursor.next();
    if (cursor.isSymbol('(')) cursor.skipBracketed();
  }
  return { kind: 'literal', value: null, at: start.start };
}

// ---- notes ---------------------------------------------------------------------------------------------------------

function noteBean(cursor: TokenCursor): void {
  const at = cursor.next();
  const name = cursor.peek();
  if (name.kind === 'name') cursor.next();
  cursor.note(
    'FEATURE_DISABLED',
    at,
    `the bean reference '@${name.kind === 'name' ? name.text : ''}'`,
    'an attribute or a library function',
    'An expression sees its root and the libraries only.',
  );
}

function noteIncrement(cursor: TokenCursor, token: Token): void {
  cursor.next();
  cursor.note(
    'FEATURE_DISABLED',
    token,
    describeToken(token),
    'an operand',
    'Values cannot be changed; write value + 1 or value - 1, and a blank between two signs.',
  );
}

function assertChain(cursor: TokenCursor, length: number): void {
  if (length <= expressionLimits.maxChainLength) return;
  refuse(
    'LIMIT',
    cursor.peek().start,
    `more than ${expressionLimits.maxChainLength} parts in a row`,
    'a shorter expression',
  );
}
