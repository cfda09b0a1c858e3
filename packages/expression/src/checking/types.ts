import { ExpressionError } from '../errors.ts';
import { sourceOf } from '../evaluation/conversion.ts';
import { readFunction } from '../libraries/catalogue.ts';
import type { ValueType } from '../libraries/library.ts';
import type { BinaryNode, Node, PropertyNode } from '../syntax/ast.ts';
import { methodHint } from '../syntax/habits.ts';

/** The kind of value a node gives when it gives one, or undefined when that depends on the data. */
export function typeOf(node: Node): ValueType | undefined {
  switch (node.kind) {
    case 'literal':
      if (node.value === null) return 'null';
      return typeof node.value === 'string' ? 'text' : 'boolean';
    case 'number':
      return 'number';
    case 'call':
      return readFunction(node.library, node.name)?.resultType;
    case 'projection':
    case 'list':
    case 'array':
      return 'list';
    case 'map':
      return 'map';
    case 'filter':
      return node.mode === 'all' && typeOf(node.target) === 'list' ? 'list' : undefined;
    case 'unary':
      return node.operator === '!' ? 'boolean' : 'number';
    case 'binary':
      return typeOfBinary(node);
    case 'ternary':
      return common(typeOf(node.then), typeOf(node.otherwise));
    case 'elvis':
      return common(typeOf(node.value), typeOf(node.otherwise));
    default:
      return undefined;
  }
}

function typeOfBinary(node: BinaryNode): ValueType | undefined {
  switch (node.operator) {
    case '+': {
      const left = typeOf(node.left);
      const right = typeOf(node.right);
      if ((left === 'text' && isCertain(node.left)) || (right === 'text' && isCertain(node.right)))
        return 'text';
      return left === 'number' && right === 'number' ? 'number' : undefined;
    }
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return 'number';
    default:
      return 'boolean';
  }
}

// A call may give null, and null + 1 is no text.
function isCertain(node: Node): boolean {
  return node.kind === 'literal' || node.kind === 'binary';
}

function common(a: ValueType | undefined, b: ValueType | undefined): ValueType | undefined {
  if (a === 'null') return b;
  return b === 'null' || a === b ? a : undefined;
}

/** A failure that follows from the kinds of the operands alone, whatever their values. */
export function readTypeProblem(node: Node): ExpressionError | undefined {
  switch (node.kind) {
    case 'binary':
      return readOperandProblem(node);
    case 'unary':
      return node.operator === '!'
        ? readUnfit(node.operand, ['number', 'map'], "a boolean for '!'")
        : readUnfit(node.operand, ['text', 'boolean', 'map'], `a number for '${node.operator}'`);
    case 'ternary':
      return readUnfit(node.condition, ['number', 'map'], "a boolean before '?'");
    default:
      return undefined;
  }
}

function readOperandProblem(node: BinaryNode): ExpressionError | undefined {
  switch (node.operator) {
    case 'and':
    case 'or':
      return readUnfit(node.left, ['number', 'map'], `a boolean for '${node.operator}'`);
    case '-':
    case '*':
    case '/':
    case '%':
    case '^': {
      const unfit: readonly ValueType[] = ['text', 'boolean', 'map'];
      const expected = `a number for '${node.operator}'`;
      return readUnfit(node.left, unfit, expected) ?? readUnfit(node.right, unfit, expected);
    }
    default:
      return undefined;
  }
}

function readUnfit(node: Node, unfit: readonly ValueType[], expected: string): ExpressionError | undefined {
  const type = typeOf(node);
  if (type === undefined || !unfit.includes(type)) return undefined;
  return new ExpressionError({
    code: 'TYPE_MISMATCH',
    position: node.at,
    found: `a ${type} in ${sourceOf(node)}`,
    expected,
    hint:
      type === 'text' && expected.startsWith('a number')
        ? `Write #string.asInt(${sourceOf(node)}, 0).`
        : undefined,
  });
}

/** A property of what is surely a text, number or boolean: it would be null for ever, and is a habit from Java. */
export function readPropertyProblem(node: PropertyNode): ExpressionError | undefined {
  const type = typeOf(node.target);
  if (type !== 'text' && type !== 'number' && type !== 'boolean') return undefined;
  return new ExpressionError({
    code: 'MISSING_PROPERTY',
    position: node.at,
    found: `the property '${node.name}' of ${sourceOf(node.target)}, a ${type}`,
    expected: 'a map before the dot',
    hint: methodHint(node.name),
  });
}
