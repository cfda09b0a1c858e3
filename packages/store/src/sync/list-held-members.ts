import type { Uuid } from '@sallyport/model';
import { EMPTY_PAGE, invalidCursor, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { HeldMemberLine } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readId, readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Cell } from '../sqlite/connection.ts';
import { LINK_COLUMNS, linkKey, linkNumber, NUMBERS_PER_RULE, readLink } from './link-row.ts';
import { readRulePlace } from './rule-place.ts';

const COLUMNS = LINK_COLUMNS.split(', ')
  .map((column) => `l.${column}`)
  .join(', ');
/** Where the membership's own columns follow those of its group's link. */
const MEMBER_COLUMN = LINK_COLUMNS.split(', ').length;

/** Memberships whose removal waits, in the order of their key; without those that a person kept. */
export function listHeldMembers(
  { reader, numbers }: Session,
  environmentId: Uuid,
  request: PageRequest & { readonly ruleId: Uuid; readonly runId?: Uuid | undefined },
): Page<HeldMemberLine> {
  const place = readRulePlace(reader, numbers, environmentId, request.ruleId);
  if (place === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const after = cursor === undefined ? [linkKey(place.ruleNo, 0), -1, ''] : readPlace(cursor.after);
  let where =
    'FROM held_members h JOIN links l ON l.link_key = h.group_key WHERE h.group_key >= ? AND h.group_key < ? AND h.kept = 0';
  const parameters: Cell[] = [linkKey(place.ruleNo, 0), linkKey(place.ruleNo, NUMBERS_PER_RULE)];
  if (request.runId !== undefined) {
    where += ' AND h.run_id = ?';
    parameters.push(request.runId);
  }
  const rows = reader.rows(
    `SELECT ${COLUMNS}, h.object_type, h.member_id, h.label, h.run_id, h.group_key ${where}
     AND (h.group_key, h.object_type, h.member_id) > (?, ?, ?)
     ORDER BY h.group_key, h.object_type, h.member_id LIMIT ?`,
    [...parameters, ...after, limit + 1],
  );
  const counted = cursor?.count ?? readNumber(reader.row(`SELECT count(*) ${where}`, parameters)?.[0]);
  return makePage(
    rows,
    limit,
    counted,
    (row) => ({
      groupLink: linkNumber(row[0]),
      group: readLink(row),
      member: {
        objectType: objectTypeCodes.word(row[MEMBER_COLUMN]),
        id: readText(row[MEMBER_COLUMN + 1]),
      },
      label: readText(row[MEMBER_COLUMN + 2]),
      runId: readId(row[MEMBER_COLUMN + 3]),
      kept: false,
    }),
    (row) => [row[MEMBER_COLUMN + 4], row[MEMBER_COLUMN], row[MEMBER_COLUMN + 1]].map(String).join(' '),
  );
}

function readPlace(after: string | number): readonly Cell[] {
  const [key, type, id] = String(after).split(' ');
  if (id === undefined || !Number.isSafeInteger(Number(key)) || !Number.isSafeInteger(Number(type)))
    throw invalidCursor();
  return [Number(key), Number(type), id];
}
