import type { BinaryOperator, Node } from './ast.ts';

// Higher binds closer; the numbers follow the levels of the grammar.
const EXPRESSION = 0;
const UNARY = 7;
const PRIMARY = 8;
const LEVELS: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '==': 3,
  '!=': 3,
  matches: 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};
const NOT_CHAINED = new Set<BinaryOperator>(['<', '<=', '>', '>=', '==', '!=', 'matches', '^']);

/** Writes a tree in canonical spelling. Parsing the result gives the same tree again, positions aside. */
export function printExpression(node: Node): string {
  return print(node, EXPRESSION);
}

function print(node: Node, level: number): string {
  const own = levelOf(node);
  const text = printBare(node);
  return own < level ? `(${text})` : text;
}

function levelOf(node: Node): number {
  switch (node.kind) {
    case 'ternary':
    case 'elvis':
      return EXPRESSION;
    case 'binary':
      return LEVELS[node.operator];
    case 'unary':
      return UNARY;
    case 'array':
      // Brackets right behind the sizes would be one more dimension.
      return node.items === null ? UNARY : PRIMARY;
    default:
      return PRIMARY;
  }
}

function printBare(node: Node): string {
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? quote(node.value) : String(node.value);
    case 'number':
      return node.text;
    case 'name':
      return node.name;
    case 'variable':
      return `#${node.name}`;
    case 'call':
      return `#${node.library}.${node.name}(${printAll(node.args)})`;
    case 'property':
      return `${print(node.target, PRIMARY)}.${node.name}`;
    case 'index':
      return `${print(node.target, PRIMARY)}[${print(node.index, EXPRESSION)}]`;
    case 'filter': {
      const sign = node.mode === 'all' ? '?' : node.mode === 'first' ? '^' : '$';
      return `${print(node.target, PRIMARY)}.${sign}[${print(node.condition, EXPRESSION)}]`;
    }
    case 'projection':
      return `${print(node.target, PRIMARY)}.![${print(node.body, EXPRESSION)}]`;
    case 'list':
      return `{${printAll(node.items)}}`;
    case 'map':
      if (node.entries.length === 0) return '{:}';
      return `{${node.entries.map(({ key, value }) => `${printKey(key)}: ${print(value, EXPRESSION)}`).join(', ')}}`;
    case 'array':
      if (node.items !== null) return `new ${node.type}[] {${printAll(node.items)}}`;
      return `new ${node.type}${node.sizes.map((size) => `[${print(size, EXPRESSION)}]`).join('')}`;
    case 'unary':
      // '--1' and '++1' would be other tokens.
      return node.operand.kind === 'unary' && node.operand.operator === node.operator && node.operator !== '!'
        ? `${node.operator}(${printBare(node.operand)})`
        : `${node.operator}${print(node.operand, UNARY)}`;
    case 'binary': {
      const level = LEVELS[node.operator];
      const left = print(node.left, NOT_CHAINED.has(node.operator) ? level + 1 : level);
      return `${left} ${node.operator} ${print(node.right, level + 1)}`;
    }
    case 'ternary':
      return `${print(node.condition, LEVELS.or)} ? ${print(node.then, EXPRESSION)} : ${print(node.otherwise, EXPRESSION)}`;
    case 'elvis':
      return `${print(node.value, LEVELS.or)} ?: ${print(node.otherwise, EXPRESSION)}`;
  }
}

function printAll(nodes: readonly Node[]): string {
  return nodes.map((node) => print(node, EXPRESSION)).join(', ');
}

// A bare name before a colon would be read as the key itself.
function printKey(key: Node): string {
  return key.kind === 'name' || (key.kind === 'literal' && typeof key.value === 'boolean')
    ? `(${printBare(key)})`
    : print(key, EXPRESSION);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
