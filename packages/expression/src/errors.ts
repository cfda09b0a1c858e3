/** Stable codes of everything that can be wrong with an expression or with the values it meets. */
export type ExpressionErrorCode =
  | 'SYNTAX'
  | 'OPERATOR_SPACING'
  | 'FEATURE_DISABLED'
  | 'UNKNOWN_FUNCTION'
  | 'UNKNOWN_VARIABLE'
  | 'ARGUMENT_COUNT'
  | 'TYPE_MISMATCH'
  | 'NULL_OPERAND'
  | 'MISSING_PROPERTY'
  | 'INDEX_OUT_OF_RANGE'
  | 'TOO_MANY_VALUES'
  | 'DIVISION_BY_ZERO'
  | 'REGEX_INVALID'
  | 'REGEX_UNSUPPORTED'
  | 'LIMIT';

/** One fault, as plain data. */
export interface ExpressionFault {
  readonly code: ExpressionErrorCode;
  /** Zero-based offset into the expression text, in UTF-16 units. */
  readonly position: number;
  /** What stands there, or the value that came up. */
  readonly found: string;
  /** What would have been right. */
  readonly expected: string;
  /** How to write it instead, where that is known. */
  readonly hint?: string | undefined;
}

/**
 * Thrown for every fault of an expression: while parsing, checking and evaluating. `problems` holds all faults found
 * together, in the order of the text; the error itself repeats the first of them.
 */
export class ExpressionError extends Error implements ExpressionFault {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  readonly position: number;
  readonly found: string;
  readonly expected: string;
  readonly hint: string | undefined;
  readonly problems: readonly ExpressionError[];

  constructor(fault: ExpressionFault, problems?: readonly ExpressionError[]) {
    const hint = fault.hint === undefined ? '' : ` ${fault.hint}`;
    super(
      `${fault.code} at character ${fault.position + 1}: found ${fault.found}, expected ${fault.expected}.${hint}`,
    );
    this.code = fault.code;
    this.position = fault.position;
    this.found = fault.found;
    this.expected = fault.expected;
    this.hint = fault.hint;
    this.problems = problems ?? [this];
  }
}

/** Throws the fault. Typed `never`, so that a caller's branch ends here. */
export function refuse(
  code: ExpressionErrorCode,
  position: number,
  found: string,
  expected: string,
  hint?: string,
): never {
  throw new ExpressionError({ code, position, found, expected, hint });
}

/** Throws all faults as one error, the first in the text leading. */
export function refuseAll(problems: readonly ExpressionError[]): void {
  const sorted = [...problems].sort((a, b) => a.position - b.position);
  const first = sorted[0];
  if (first !== undefined) throw new ExpressionError(first, sorted);
}
