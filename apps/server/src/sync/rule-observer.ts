import type { JournalEntry, RunProgress } from '@sallyport/engine';
import type { RuleSpec } from './rule-spec.ts';

/** Who is told of what rules do. Nobody waits for it, and it must not throw. */
export interface RuleObserver {
  /** `recorded`: it left a record; a poll that found nothing does not. */
  runEnded(spec: RuleSpec, run: RunProgress, recorded: boolean): void;
  /** These lines of the journal are committed. */
  journaled(spec: RuleSpec, entries: readonly JournalEntry[]): void;
}

export function observeTogether(observers: readonly RuleObserver[]): RuleObserver {
  return {
    runEnded: (spec, run, recorded) => {
      for (const observer of observers) observer.runEnded(spec, run, recorded);
    },
    journaled: (spec, entries) => {
      for (const observer of observers) observer.journaled(spec, entries);
    },
  };
}
