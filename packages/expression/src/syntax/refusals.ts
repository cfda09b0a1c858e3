import { refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { Node } from './ast.ts';
import { typeHint } from './habits.ts';
import type { Token } from './lexer.ts';
import { describeToken, type TokenCursor } from './token-cursor.ts';

// Each note leaves the cursor behind the refused part, so that parsing goes on and finds the next fault.

export function refuseConstructor(cursor: TokenCursor, start: Token, simpleName: string): Node {
  let typeName = simpleName;
  while (cursor.isSymbol('.') && cursor.peek(1).kind === 'name') {
    cursor.next();
    typeName += `.${cursor.next().text}`;
  }
  cursor.note('FEATURE_DISABLED', start, `the constructor 'new ${typeName}'`, 'a value', typeHint(typeName));
  while (cursor.isSymbol('(') || cursor.isSymbol('[') || cursor.isSymbol('{')) cursor.skipBracketed();
  return { kind: 'literal', value: null, at: start.start };
}

export function refuseType(cursor: TokenCursor): Node {
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

export function noteBean(cursor: TokenCursor): void {
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

export function noteIncrement(cursor: TokenCursor, token: Token): void {
  cursor.next();
  cursor.note(
    'FEATURE_DISABLED',
    token,
    describeToken(token),
    'an operand',
    'Values cannot be changed; write value + 1 or value - 1, and a blank between two signs.',
  );
}

export function assertChain(cursor: TokenCursor, length: number): void {
  if (length <= expressionLimits.maxChainLength) return;
  refuse(
    'LIMIT',
    cursor.peek().start,
    `more than ${expressionLimits.maxChainLength} parts in a row`,
    'a shorter expression',
  );
}
