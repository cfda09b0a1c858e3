import type { Tone } from '../elements/tone.ts';

/** The states an object can be in under a rule; disjoint. */
export const STATUS_ORDER = [
  'SUCCESS',
  'PARTIAL_SYNCED',
  'UNSYNCED',
  'FAILED',
  'HELD',
  'CONFLICT',
  'REMOVED',
  'KEPT',
] as const;
export type ObjectStatus = (typeof STATUS_ORDER)[number];

interface StatusWords {
  readonly label: string;
  readonly tone: Tone;
  readonly meaning: string;
}

export const STATUS_WORDS: Readonly<Record<ObjectStatus, StatusWords>> = {
  SUCCESS: { label: 'In sync', tone: 'good', meaning: 'Source and target agree.' },
  PARTIAL_SYNCED: {
    label: 'Partly synced',
    tone: 'warn',
    meaning: 'Some of the change was written, or an action the rule does not allow was left out.',
  },
  UNSYNCED: {
    label: 'Not synced',
    tone: 'calm',
    meaning: 'In scope, but the rule does not make it at the target.',
  },
  FAILED: { label: 'Failed', tone: 'bad', meaning: 'The target or a mapping refused it; it is tried again.' },
  HELD: {
    label: 'Held',
    tone: 'warn',
    meaning: 'Its removal, or removals from the group, wait for a person.',
  },
  CONFLICT: {
    label: 'Conflict',
    tone: 'bad',
    meaning: 'More than one target object could be meant; nothing is written until one is.',
  },
  REMOVED: {
    label: 'Deprovisioned',
    tone: 'calm',
    meaning: 'Left the source, and the target was brought in line, e.g. disabled.',
  },
  KEPT: { label: 'Kept', tone: 'calm', meaning: 'Left the source, and a person discarded its removal.' },
};

/** Words for any state the API may name. */
export function statusWords(status: string): StatusWords {
  const known = STATUS_ORDER.find((candidate) => candidate === status);
  if (known !== undefined) return STATUS_WORDS[known];
  return status === 'IN_PROGRESS'
    ? { label: 'In progress', tone: 'info', meaning: 'A run is working on it.' }
    : { label: status, tone: 'calm', meaning: '' };
}
