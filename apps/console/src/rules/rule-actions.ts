import type { RuleStatus, RunType } from '../api/shapes.ts';

/** May it be done, and if not, why. */
export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

const ALLOWED: Permission = { allowed: true };

export interface RunChoice {
  readonly type: RunType;
  readonly label: string;
  readonly explanation: string;
}

export const RUN_CHOICES: readonly RunChoice[] = [
  { type: 'delta', label: 'Run now', explanation: 'Reads what changed at the source since the last run.' },
  { type: 'full', label: 'Full run', explanation: 'Reads every object of the source and compares it.' },
  { type: 'preview', label: 'Preview', explanation: 'Shows what a full run would do and writes nothing.' },
];

/** What may be started in which state. A preview writes nothing, so that an inactive rule has one too. */
export function mayRun(status: Pick<RuleStatus, 'state' | 'running'> | undefined, type: RunType): Permission {
  if (status === undefined) return { allowed: false, why: 'The state of the rule is not known yet.' };
  if (status.running !== undefined && type !== 'preview')
    return { allowed: false, why: 'A run is under way.' };
  if (type === 'preview') return ALLOWED;
  if (status.state === 'INACTIVE')
    return {
      allowed: false,
      why: 'The rule is inactive. Activate it and make a revision; a preview works now.',
    };
  if (status.state === 'WAITING')
    return { allowed: false, why: 'The rule takes effect with the next revision. Make one first.' };
  return ALLOWED;
}
