import type { Outcome } from '../api/shapes.ts';
import type { Tone } from '../elements/tone.ts';

/** What can happen to an object in a run, what needs a person first. */
export const OUTCOME_ORDER = [
  'failed',
  'conflict',
  'held',
  'created',
  'updated',
  'linked',
  'disabled',
  'enabled',
  'deleted',
  'skipped',
  'unchanged',
] as const satisfies readonly Outcome[];

interface OutcomeWords {
  readonly label: string;
  /** In a preview nothing has happened yet. */
  readonly planned: string;
  readonly tone: Tone;
}

export const OUTCOME_WORDS: Readonly<Record<Outcome, OutcomeWords>> = {
  failed: { label: 'Failed', planned: 'Would fail', tone: 'bad' },
  conflict: { label: 'Conflict', planned: 'Would conflict', tone: 'bad' },
  held: { label: 'Held', planned: 'Would be held', tone: 'warn' },
  created: { label: 'Created', planned: 'Would be created', tone: 'good' },
  updated: { label: 'Updated', planned: 'Would be updated', tone: 'good' },
  linked: { label: 'Linked', planned: 'Would be linked', tone: 'good' },
  disabled: { label: 'Disabled', planned: 'Would be disabled', tone: 'info' },
  enabled: { label: 'Enabled', planned: 'Would be enabled', tone: 'info' },
  deleted: { label: 'Deleted', planned: 'Would be deleted', tone: 'info' },
  skipped: { label: 'Skipped', planned: 'Would be skipped', tone: 'calm' },
  unchanged: { label: 'Unchanged', planned: 'Unchanged', tone: 'calm' },
};

export function outcomeLabel(outcome: Outcome, isPreview: boolean): string {
  return isPreview ? OUTCOME_WORDS[outcome].planned : OUTCOME_WORDS[outcome].label;
}

/** The outcomes that happened at all, in the order of the page. */
export function outcomesOf(
  counts: Readonly<Partial<Record<Outcome, number>>>,
): readonly { readonly outcome: Outcome; readonly count: number }[] {
  return OUTCOME_ORDER.map((outcome) => ({ outcome, count: counts[outcome] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
}
