import type { Uuid } from '@sallyport/model';
import type { RuleSync } from '../record/sync-records.ts';
import type { Session } from '../session.ts';
import { readRulePlace } from './rule-place.ts';
import { readAppliedDigest, readPosition } from './rule-sync.ts';

export function getRuleSync(session: Session, environmentId: Uuid, ruleId: Uuid): RuleSync | undefined {
  const place = readRulePlace(session.reader, session.numbers, environmentId, ruleId);
  if (place === undefined) return undefined;
  return {
    ruleId,
    position: readPosition(session.reader, place),
    appliedDigest: readAppliedDigest(session.reader, place),
  };
}
