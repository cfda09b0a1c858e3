import { refuse } from '../errors.ts';
import type { ArrayType, MapEntryNode, Node } from './ast.ts';
import { methodHint } from './habits.ts';
import type { Token } from './lexer.ts';
import { readNumber } from './number-literal.ts';
import { assertChain, noteBean, noteIncrement, refuseConstructor, refuseType } from './refusals.ts';
import type { TokenCursor } from './token-cursor.ts';

// Words that would otherwise be read as the name of an attribute.
const OPERATOR_WORDS = new Set([
  ...[
    'or',
    'and',
    'not',
    'lt',
    'le',
    'gt',
    'ge',
    'eq',
    'ne',
    'matches',
    'div',
    'mod',
    'instanceof',
    'between',
  ],
]);

/** Reads a value with the properties, indexes, selections and projections behind it. */
export function readPrimary(cursor: TokenCursor): Node {
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
        node = { kind: 'index', target: node, index: cursor.readExpression(), at: token.start };
        cursor.expect(']');
        break;
      case '.?[':
      case '.^[':
      case '.$[': {
        cursor.next();
        const mode = token.text === '.?[' ? 'all' : token.text === '.^[' ? 'first' : 'last';
        node = { kind: 'filter', mode, target: node, condition: cursor.readExpression(), at: token.start };
        cursor.expect(']');
        break;
      }
      case '.![':
        cursor.next();
        node = { kind: 'projection', target: node, body: cursor.readExpression(), at: token.start };
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
      const inner = cursor.readExpression();
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
    items.push(cursor.readExpression());
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
    entries.push({ key, value: cursor.readExpression() });
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
  return cursor.readExpression();
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
    sizes.push(cursor.readExpression());
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
