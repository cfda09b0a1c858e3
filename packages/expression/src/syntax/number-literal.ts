import { refuse } from '../errors.ts';
import type { NumberNode } from './ast.ts';
import type { Token } from './lexer.ts';

const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;

/**
 * Reads a number literal by Java's rules.
 * @throws ExpressionError `SYNTAX` when the value does not fit the type its notation asks for.
 */
export function readNumber(token: Token): NumberNode {
  const text = token.text;
  const node = (type: NumberNode['type']): NumberNode => ({ kind: 'number', type, text, at: token.start });
  if (!/^0[xX]/.test(text)) {
    if (/[fF]$/.test(text)) return finite(node('float'));
    if (/[.eEdD]/.test(text))
      return /[lL]$/.test(text)
        ? refuse('SYNTAX', token.start, `'${text}'`, 'digits only before L')
        : finite(node('double'));
  }
  const isLong = /[lL]$/.test(text);
  const value = BigInt(isLong ? text.slice(0, -1) : text);
  if (isLong) {
    if (value > LONG_MAX)
      refuse(
        'SYNTAX',
        token.start,
        `'${text}'`,
        'a number of at most 64 bits',
        "Write #string.asBigInt('…', null).",
      );
    return node('long');
  }
  if (value > INT_MAX)
    refuse(
      'SYNTAX',
      token.start,
      `'${text}'`,
      'a number of at most 32 bits',
      `Write ${text}L for a larger one.`,
    );
  return node('int');
}

function finite(node: NumberNode): NumberNode {
  return Number.isFinite(Number.parseFloat(node.text))
    ? node
    : refuse('SYNTAX', node.at, `'${node.text}'`, 'a number in range');
}
