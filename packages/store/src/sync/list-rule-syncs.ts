import type { Uuid } from '@sallyport/model';
import { readId } from '../schema/decode.ts';
import type { Session } from '../session.ts';

/** The rules that have left anything, whether or not they still exist: as many as an environment ever had at most. */
export function listRuleSyncs(session: Session, environmentId: Uuid): readonly Uuid[] {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return [];
  return session.reader
    .rows('SELECT rule_id FROM rule_syncs WHERE environment_no = ? ORDER BY number', [environmentNo])
    .map((row) => readId(row[0]));
}
