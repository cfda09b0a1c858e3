import { CodedError } from '@sallyport/model';
import type { LinkWrite } from '../record/sync-records.ts';
import { objectTypeCodes, outcomeCodes, presenceCodes, statusCodes } from '../schema/codes.ts';
import { readNumber, readText } from '../schema/decode.ts';
import { textHash } from '../schema/text-hash.ts';
import { makeBulkInsert } from '../sqlite/bulk-insert.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import { linkKey } from './link-row.ts';
import { linksBySource } from './read-links.ts';
import type { RulePlace } from './rule-place.ts';

// What changes in a link's life; what it ties (its type and source key) never does.
const CHANGING = [
  'place',
  'target_id',
  'presence',
  'status',
  'outcome',
  'reason',
  'error_code',
  'fingerprint',
  'target_version',
  'disabled_by_rule',
  'created_by_rule',
  'delete_after',
  'last_sync_at',
];

const insertLinks = makeBulkInsert('links', [
  'link_key',
  'environment_no',
  'rule_no',
  'object_type',
  'source_key',
  'source_hash',
  ...CHANGING,
  'last_success_at',
  'reference_hash',
]);

const insertReferences = makeBulkInsert('link_references', [
  'link_key',
  'reference',
  'rule_no',
  'reference_hash',
]);

const UPDATE = `UPDATE links SET ${CHANGING.map((column) => `${column} = ?`).join(', ')},
  last_success_at = coalesce(?, last_success_at) WHERE link_key = ?`;
// A statement of its own: SQLite rewrites an index for every column that is set, changed or not.
const UPDATE_REFERENCE =
  'UPDATE links SET reference_hash = ?1 WHERE link_key = ?2 AND reference_hash IS NOT ?1';

function changingCells(link: LinkWrite): readonly Cell[] {
  return [
    link.place,
    link.targetId ?? null,
    presenceCodes.code(link.presence),
    statusCodes.code(link.status),
    outcomeCodes.code(link.outcome),
    link.reason,
    link.errorCode ?? null,
    link.fingerprint,
    link.targetVersion,
    link.disabledByRule ? 1 : 0,
    link.createdByRule ? 1 : 0,
    link.deleteAfter ?? null,
    link.lastSyncAt,
  ];
}

const successAt = (link: LinkWrite): number | null => (link.status === 'SUCCESS' ? link.lastSyncAt : null);

/** New links get the rule's next numbers, in the order they come. Answers the number of every link, in the order given. */
export function saveLinks(
  connection: Connection,
  place: RulePlace,
  links: readonly LinkWrite[],
): readonly number[] {
  const added = links.filter((link) => link.number === undefined);
  assertNew(connection, place, added);
  let next = added.length === 0 ? 0 : takeLinkNumbers(connection, place, added.length);
  const rows: (readonly Cell[])[] = [];
  const numbers = links.map((link) => {
    if (link.number !== undefined) {
      updateLink(connection, place, link, link.number);
      return link.number;
    }
    const number = next++;
    rows.push([
      linkKey(place.ruleNo, number),
      place.environmentNo,
      place.ruleNo,
      objectTypeCodes.code(link.objectType),
      link.sourceKey,
      textHash(link.sourceKey),
      ...changingCells(link),
      successAt(link),
      link.reference === undefined ? null : textHash(link.reference),
    ]);
    return number;
  });
  insertLinks(connection, rows);
  for (const [index, link] of links.entries()) {
    const number = numbers[index];
    if (link.otherReferences !== undefined && number !== undefined)
      saveOtherReferences(connection, place, number, link.otherReferences, link.number === undefined);
  }
  return numbers;
}

/** Most objects have none, and the few of the others seldom change: only what differs is written. */
function saveOtherReferences(
  connection: Connection,
  { ruleNo }: RulePlace,
  number: number,
  references: readonly string[],
  isNew: boolean,
): void {
  if (isNew && references.length === 0) return;
  const key = linkKey(ruleNo, number);
  const wanted = new Set(references);
  const known = new Set(
    connection
      .rows('SELECT reference FROM link_references WHERE link_key = ?', [key])
      .map((row) => readText(row[0])),
  );
  for (const reference of known)
    if (!wanted.has(reference))
      connection.run('DELETE FROM link_references WHERE link_key = ? AND reference = ?', [key, reference]);
  insertReferences(
    connection,
    [...wanted]
      .filter((reference) => !known.has(reference))
      .map((reference) => [key, reference, ruleNo, textHash(reference)]),
  );
}

/** One link for each source object: no index says so, since it would have to hold the keys themselves. */
function assertNew(connection: Connection, place: RulePlace, added: readonly LinkWrite[]): void {
  for (const [objectType, links] of Map.groupBy(added, (link) => link.objectType)) {
    const keys = new Set(links.map((link) => link.sourceKey));
    const [known] = linksBySource(connection, place, objectType, [...keys]).keys();
    if (keys.size < links.length || known !== undefined)
      throw new CodedError(
        'UNIQUENESS_VIOLATION',
        `The source object ${known ?? 'of this batch'} has a link under this rule already. Run the rule again`,
      );
  }
}

function updateLink(connection: Connection, place: RulePlace, link: LinkWrite, number: number): void {
  const changed = connection.run(UPDATE, [
    ...changingCells(link),
    successAt(link),
    linkKey(place.ruleNo, number),
  ]);
  if (changed === 0)
    throw new CodedError(
      'NOT_FOUND',
      `The link ${number} of ${link.sourceKey} is not there any more: its rule was removed during the run`,
    );
  if (link.reference !== undefined)
    connection.run(UPDATE_REFERENCE, [textHash(link.reference), linkKey(place.ruleNo, number)]);
}

function takeLinkNumbers(connection: Connection, { ruleNo }: RulePlace, count: number): number {
  const row = connection.row(
    'UPDATE rule_syncs SET last_link_number = last_link_number + ? WHERE number = ? RETURNING last_link_number',
    [count, ruleNo],
  );
  return readNumber(row?.[0]) - count + 1;
}

export function removeLinks(connection: Connection, { ruleNo }: RulePlace, numbers: readonly number[]): void {
  if (numbers.length === 0) return;
  connection.run('DELETE FROM links WHERE link_key IN (SELECT value FROM json_each(?))', [
    JSON.stringify(numbers.map((number) => linkKey(ruleNo, number))),
  ]);
}
