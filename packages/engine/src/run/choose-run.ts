import type { RunType } from '@sallyport/model';
import type { Position } from '../port/source.ts';
import { changedParts, changesScope } from '../rule/rule-digest.ts';

export interface RunChoice {
  readonly type: Extract<RunType, 'full' | 'delta'>;
  readonly reason: string;
  /** The rule reads other objects, or in another way, than the last full run did. */
  readonly scopeChanged: boolean;
}

/** A delta is possible only from a position, under the mappings and the scope that the last full run applied. */
export function chooseRun(
  requested: 'full' | 'delta',
  reason: string,
  position: Position | undefined,
  appliedDigest: string | undefined,
  digest: string,
): RunChoice {
  const changed = appliedDigest === undefined ? [] : changedParts(appliedDigest, digest);
  const scopeChanged = changesScope(changed);
  if (requested === 'full') return { type: 'full', reason, scopeChanged };
  if (appliedDigest === undefined) return { type: 'full', reason: 'first run', scopeChanged };
  if (changed.length > 0)
    return { type: 'full', reason: `changed since the last full run: ${changed.join(', ')}`, scopeChanged };
  if (position === undefined)
    return { type: 'full', reason: 'there is no position to continue from', scopeChanged };
  return { type: 'delta', reason, scopeChanged };
}
