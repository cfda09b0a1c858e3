import type { Uuid } from '@sallyport/model';
import { removeInChunks } from '../list/remove-in-chunks.ts';
import type { Session } from '../session.ts';
import { readRulePlace } from './rule-place.ts';

/** The books first, in chunks; the rule's own row last, so that a killed removal can be asked for again. */
export async function removeRuleSync(session: Session, environmentId: Uuid, ruleId: Uuid): Promise<void> {
  const place = readRulePlace(session.reader, session.numbers, environmentId, ruleId);
  if (place === undefined) return;
  for (const [table, key] of [
    ['journal', 'number'],
    ['links', 'link_key'],
  ])
    await removeInChunks(
      session,
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE environment_no = ? AND rule_no = ? LIMIT ?)`,
      [place.environmentNo, place.ruleNo],
    );
  await session.write(({ connection }) =>
    connection.run('DELETE FROM rule_syncs WHERE number = ?', [place.ruleNo]),
  );
}
