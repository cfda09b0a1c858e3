import type { MemberLink } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readNumber, readOptionalText, readText } from '../schema/decode.ts';
import { textHash } from '../schema/text-hash.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import { linkNumber } from './link-row.ts';
import type { RulePlace } from './rule-place.ts';

/** Code of the presence `deleted`: schema/codes.ts. */
const DELETED = 2;

const COLUMNS = 'l.link_key, l.object_type, l.source_key, l.place, l.target_id';

/**
 * Links of any type whose reference has the hash of one that was asked for, or one of whose other references is one, and whose
 * source object is not deleted. A link that is both is told once, as what needs no comparison.
 */
export function linksByReferences(
  connection: Connection,
  { ruleNo }: RulePlace,
  references: readonly string[],
): ReadonlyMap<string, readonly MemberLink[]> {
  const asked = Map.groupBy(new Set(references), textHash);
  const found = new Map<string, MemberLink[]>();
  if (asked.size === 0) return found;
  const hashes = JSON.stringify([...asked.keys()]);
  const others = connection.rows(
    `SELECT o.reference, ${COLUMNS} FROM link_references o CROSS JOIN links l ON l.link_key = o.link_key
     WHERE o.rule_no = ? AND o.reference_hash IN (SELECT value FROM json_each(?)) AND l.presence <> ${DELETED}`,
    [ruleNo, hashes],
  );
  const wanted = new Set(references);
  for (const row of others) {
    const reference = readText(row[0]);
    if (wanted.has(reference)) addLink(found, reference, { ...readMemberLink(row), byOther: true });
  }
  const rows = connection.rows(
    `SELECT l.reference_hash, ${COLUMNS} FROM links l
     WHERE l.rule_no = ? AND l.reference_hash IN (SELECT value FROM json_each(?)) AND l.presence <> ${DELETED}`,
    [ruleNo, hashes],
  );
  for (const row of rows) {
    const link = readMemberLink(row);
    for (const reference of asked.get(readNumber(row[0])) ?? [])
      if (found.get(reference)?.some(({ number }) => number === link.number) !== true)
        addLink(found, reference, link);
  }
  return found;
}

function readMemberLink(row: readonly Cell[]): MemberLink {
  return {
    number: linkNumber(row[1]),
    objectType: objectTypeCodes.word(row[2]),
    sourceKey: readText(row[3]),
    place: readText(row[4]),
    targetId: readOptionalText(row[5]),
  };
}

function addLink(found: Map<string, MemberLink[]>, reference: string, link: MemberLink): void {
  const links = found.get(reference);
  if (links === undefined) found.set(reference, [link]);
  else links.push(link);
}
