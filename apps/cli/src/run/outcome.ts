import type { RunBody } from '@sallyport/contract';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { Colour } from '../terminal/paint.ts';

const COLOURS: Readonly<Record<string, Colour>> = {
  created: 'green',
  linked: 'green',
  updated: 'blue',
  enabled: 'green',
  disabled: 'yellow',
  deleted: 'red',
  skipped: 'dim',
  unchanged: 'dim',
  held: 'yellow',
  conflict: 'red',
  failed: 'red',
};

export function outcomeColour(outcome: string): Colour | undefined {
  return COLOURS[outcome];
}

const STATES: Readonly<Record<string, Colour>> = {
  ACTIVE: 'green',
  INACTIVE: 'dim',
  FAILED: 'red',
  HELD: 'yellow',
  WAITING: 'blue',
  running: 'blue',
  completed: 'green',
  held: 'yellow',
  failed: 'red',
  interrupted: 'yellow',
  cancelled: 'dim',
};

export function stateColour(state: string): Colour | undefined {
  return STATES[state];
}

/** What a script is told about a run it waited for. */
export function exitCodeOf(status: RunBody['status']): ExitCode {
  if (status === 'completed') return EXIT_CODE.ok;
  return status === 'held' ? EXIT_CODE.held : EXIT_CODE.failed;
}
