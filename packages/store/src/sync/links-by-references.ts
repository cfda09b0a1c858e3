import type { MemberLink } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber, readOptionalText, readText } from '../schema/decode.ts';
import { textHash } from '../schema/text-hash.ts';
import type { Connection } from '../sqlite/connection.ts';
import { linkNumber } from './link-row.ts';
import type { RulePlace } from './rule-place.ts';

/** Code of the presence `deleted`: schema/codes.ts. */
const DELETED = 2;

/** Links of any type whose reference has the hash of one that was asked for, and whose source object is not deleted. */
export function linksByReferences(
  connection: Connection,
  { ruleNo }: RulePlace,
  references: readonly string[],
): ReadonlyMap<string, readonly MemberLink[]> {
  const asked = Map.groupBy(new Set(references), textHash);
  const found = new Map<string, MemberLink[]>();
  if (asked.size === 0) return found;
  const rows = connection.rows(
    `SELECT reference_hash, link_key, object_type, source_key, place, target_id FROM links
     WHERE rule_no = ? AND reference_hash IN (SELECT value FROM json_each(?)) AND presence <> ${DELETED}`,
    [ruleNo, JSON.stringify([...asked.keys()])],
  );
  for (const row of rows) {
    const link: MemberLink = {
      number: linkNumber(row[1]),
      objectType: objectTypeCodes.word(row[2]),
      sourceKey: readText(row[3]),
      place: readText(row[4]),
      targetId: readOptionalText(row[5]),
    };
    for (const reference of asked.get(readNumber(row[0])) ?? []) {
      const links = found.get(reference);
      if (links === undefined) found.set(reference, [link]);
      else links.push(link);
    }
  }
  return found;
}
