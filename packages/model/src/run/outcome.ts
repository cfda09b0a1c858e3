/** What happened to one object in a run. */
export const OUTCOMES = [
  'created',
  'updated',
  'linked',
  'disabled',
  'enabled',
  'deleted',
  'unchanged',
  'skipped',
  'held',
  'conflict',
  'failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The lasting state of one object under one rule, from which every counter is derived.
 * UNSYNCED: no account at the target and not synced (an action is off, or deprovisioning is). PARTIAL_SYNCED: the account
 * exists and may be out of date. HELD: its removal waits for a person.
 */
export const LINK_STATUSES = ['SUCCESS', 'PARTIAL_SYNCED', 'UNSYNCED', 'FAILED', 'HELD', 'CONFLICT'] as const;
export type LinkStatus = (typeof LINK_STATUSES)[number];

/** Where the source object was when the rule last looked. `kept`: gone, and a person decided to keep the target. */
export type Presence = 'inScope' | 'outOfScope' | 'deleted' | 'kept';

export type ObjectType = 'user' | 'group';

export type RunType = 'full' | 'delta' | 'preview';

/** `interrupted`: the process ended in the middle; the next run goes on from the committed position. */
export type RunStatus = 'running' | 'completed' | 'held' | 'failed' | 'interrupted' | 'cancelled';

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export function zeroCounts(): Record<Outcome, number> {
  return {
    created: 0,
    updated: 0,
    linked: 0,
    disabled: 0,
    enabled: 0,
    deleted: 0,
    unchanged: 0,
    skipped: 0,
    held: 0,
    conflict: 0,
    failed: 0,
  };
}
