/**
 * Bounds of one expression and of one evaluation. They protect a run that meets a careless mapping or hostile
 * source data: whatever an expression says, the work and the memory it can cost stay below these figures.
 */
export const expressionLimits = {
  /** Length of the expression text. */
  maxExpressionBytes: 8 * 1024,
  /** Brackets, braces, calls and prefix operators inside one another. */
  maxNesting: 64,
  /** Operators or property steps in one row (`a + b + c …`, `a.b.c …`); the row becomes a tree this deep. */
  maxChainLength: 1_000,
  /** Nodes evaluated inside selections and projections plus the charge of long texts and lists. */
  maxSteps: 100_000,
  /** UTF-16 units of any text made on the way. */
  maxTextLength: 64 * 1024,
  /** UTF-8 bytes of the result, a list or map counted as the sum of its texts. */
  maxResultBytes: 64 * 1024,
  /** Elements of any list or map made on the way. */
  maxListItems: 10_000,
  /** UTF-16 units of a text given to a regular expression. */
  maxRegexInputLength: 64 * 1024,
  /** UTF-16 units of a regular expression. */
  maxRegexLength: 4 * 1024,
  /** Decimal digits of a BigInteger or BigDecimal, and the size of a BigDecimal's scale. */
  maxNumberDigits: 1_000,
} as const;
