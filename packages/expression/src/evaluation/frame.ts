import { refuse } from '../errors.ts';
import { expressionLimits } from '../limits.ts';
import type { ExpressionRoot } from '../root.ts';
import type { ExpressionValue } from '../values/value.ts';

/** Something that worked but is hardly ever meant. */
export interface ExpressionWarning {
  readonly code: 'NULL_IN_CONCATENATION';
  readonly position: number;
  /** The part of the expression that was null. */
  readonly found: string;
}

/** What one evaluation carries along. */
export interface Frame {
  readonly root: ExpressionRoot;
  /** Epoch milliseconds of `#datetime.now()`; read from the clock on first use unless given. */
  now: number | undefined;
  steps: number;
  /** The element inside a selection or projection. */
  self: ExpressionValue;
  readonly warn: ((warning: ExpressionWarning) => void) | undefined;
}

/** A compiled node. */
export type Thunk = (frame: Frame) => ExpressionValue;

/** Takes steps from the budget of the evaluation. */
export function charge(frame: Frame, steps: number, position: number): void {
  frame.steps += steps;
  if (frame.steps > expressionLimits.maxSteps) {
    refuse(
      'LIMIT',
      position,
      `more than ${expressionLimits.maxSteps} steps`,
      'an expression that needs less work',
    );
  }
}

export function assertTextLength(length: number, position: number): void {
  if (length > expressionLimits.maxTextLength) {
    refuse('LIMIT', position, `a text of ${length} characters`, `at most ${expressionLimits.maxTextLength}`);
  }
}

export function assertListLength(length: number, position: number): void {
  if (length > expressionLimits.maxListItems) {
    refuse('LIMIT', position, `a list of ${length} elements`, `at most ${expressionLimits.maxListItems}`);
  }
}

/** Charges for looking for one text in another, which at worst compares all of the one at each place of the other. */
export function chargeSearch(frame: Frame, text: string, wanted: string, position: number): void {
  const comparisons = text.length * wanted.length;
  if (comparisons > 65_536) charge(frame, Math.floor(comparisons / 65_536), position);
}
