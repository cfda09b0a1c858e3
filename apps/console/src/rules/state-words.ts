import type { RuleStatus, Run } from '../api/shapes.ts';
import type { Tone } from '../elements/tone.ts';

interface StateWords {
  readonly label: string;
  readonly tone: Tone;
}

export const STATE_WORDS: Readonly<Record<RuleStatus['state'], StateWords>> = {
  ACTIVE: { label: 'Active', tone: 'good' },
  INACTIVE: { label: 'Inactive', tone: 'calm' },
  FAILED: { label: 'Failed', tone: 'bad' },
  HELD: { label: 'Held', tone: 'warn' },
  WAITING: { label: 'Waiting', tone: 'info' },
};

export const DIRECTION_WORDS: Readonly<Record<RuleStatus['direction'], string>> = {
  INBOUND: 'Inbound: into the identity store',
  OUTBOUND: 'Outbound: out of the identity store',
};

export const RUN_STATUS_WORDS: Readonly<Record<Run['status'], StateWords>> = {
  running: { label: 'Running', tone: 'info' },
  completed: { label: 'Completed', tone: 'good' },
  held: { label: 'Held', tone: 'warn' },
  failed: { label: 'Failed', tone: 'bad' },
  interrupted: { label: 'Interrupted', tone: 'warn' },
  cancelled: { label: 'Cancelled', tone: 'calm' },
};

export const RUN_TYPE_WORDS: Readonly<Record<Run['type'], string>> = {
  full: 'Full run',
  delta: 'Delta run',
  preview: 'Preview',
};
