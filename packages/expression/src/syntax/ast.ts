/**
 * The tree of an expression. Spellings that mean the same share one form: `lt` is `<`, `not` is `!`, `div` is `/`, an
 * unquoted map key is a text literal, and brackets around an expression leave no trace.
 * `at` is the offset of the node's leading token (of the operator, for binary ones) in the expression text.
 */
export type Node =
  | LiteralNode
  | NumberNode
  | NameNode
  | VariableNode
  | CallNode
  | PropertyNode
  | IndexNode
  | FilterNode
  | ProjectionNode
  | ListNode
  | MapNode
  | ArrayNode
  | UnaryNode
  | BinaryNode
  | TernaryNode
  | ElvisNode;

export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: string | boolean | null;
  readonly at: number;
}

/** A number as written (`34L`, `0x1F`, `1.5e3`): `type` is the Java type the notation asks for. */
export interface NumberNode {
  readonly kind: 'number';
  readonly type: 'int' | 'long' | 'float' | 'double';
  readonly text: string;
  readonly at: number;
}

/** A bare name: an attribute of the root, or of the element inside a selection or projection. */
export interface NameNode {
  readonly kind: 'name';
  readonly name: string;
  readonly at: number;
}

export interface VariableNode {
  readonly kind: 'variable';
  readonly name: 'root' | 'this';
  readonly at: number;
}

export interface CallNode {
  readonly kind: 'call';
  readonly library: string;
  readonly name: string;
  readonly args: readonly Node[];
  readonly at: number;
}

export interface PropertyNode {
  readonly kind: 'property';
  readonly target: Node;
  readonly name: string;
  readonly at: number;
}

export interface IndexNode {
  readonly kind: 'index';
  readonly target: Node;
  readonly index: Node;
  readonly at: number;
}

export interface FilterNode {
  readonly kind: 'filter';
  readonly mode: 'all' | 'first' | 'last';
  readonly target: Node;
  readonly condition: Node;
  readonly at: number;
}

export interface ProjectionNode {
  readonly kind: 'projection';
  readonly target: Node;
  readonly body: Node;
  readonly at: number;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: number;
}

export interface MapEntryNode {
  readonly key: Node;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntryNode[];
  readonly at: number;
}

export type ArrayType = 'byte' | 'short' | 'int' | 'long' | 'float' | 'double' | 'char' | 'boolean';

/** `new int[3]`, `new int[2][3]` (sizes) or `new int[] {1, 2}` (items). */
export interface ArrayNode {
  readonly kind: 'array';
  readonly type: ArrayType;
  readonly sizes: readonly Node[];
  readonly items: readonly Node[] | null;
  readonly at: number;
}

export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: '!' | '-' | '+';
  readonly operand: Node;
  readonly at: number;
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'matches'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^';

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
  readonly at: number;
}

export interface TernaryNode {
  readonly kind: 'ternary';
  readonly condition: Node;
  readonly then: Node;
  readonly otherwise: Node;
  readonly at: number;
}

export interface ElvisNode {
  readonly kind: 'elvis';
  readonly value: Node;
  readonly otherwise: Node;
  readonly at: number;
}

/** The parts of a node that are expressions themselves, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'number':
    case 'name':
    case 'variable':
      return [];
    case 'call':
      return node.args;
    case 'property':
      return [node.target];
    case 'index':
      return [node.target, node.index];
    case 'filter':
      return [node.target, node.condition];
    case 'projection':
      return [node.target, node.body];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'array':
      return node.items ?? node.sizes;
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'ternary':
      return [node.condition, node.then, node.otherwise];
    case 'elvis':
      return [node.value, node.otherwise];
  }
}
