import type { ObjectType, Uuid } from '@sallyport/model';
import { afterNumber, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { HeldLine } from '../record/sync-records.ts';
import { objectTypeCodes } from '../schema/codes.ts';
import { readId, readNumber, readText, readWord } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Cell } from '../sqlite/connection.ts';
import { SHOWN_BY_RUN } from './held-removals.ts';
import { readRulePlace } from './rule-place.ts';

/** What waits of the objects, or what waits of the list of one run. */
export function listHeld(
  session: Session,
  environmentId: Uuid,
  request: PageRequest & {
    readonly ruleId: Uuid;
    readonly runId?: Uuid | undefined;
    readonly objectType?: ObjectType | undefined;
  },
): Page<HeldLine> {
  const { reader } = session;
  const place = readRulePlace(reader, session.numbers, environmentId, request.ruleId);
  if (place === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const types = request.objectType === undefined ? objectTypeCodes.words : [request.objectType];
  let where = `FROM held_removals WHERE environment_no = ? AND rule_no = ? AND object_type IN (${types.map(() => '?').join(', ')})`;
  const parameters: Cell[] = [place.environmentNo, place.ruleNo, ...types.map(objectTypeCodes.code)];
  if (request.runId !== undefined) {
    where += ` AND ${SHOWN_BY_RUN}`;
    parameters.push(place.ruleNo, request.runId);
  }
  const rows = reader.rows(
    `SELECT link_number, object_type, run_id, source_key, place, label, how, detail, first_run_id ${where} AND link_number > ? ORDER BY link_number LIMIT ?`,
    [...parameters, afterNumber(cursor), limit + 1],
  );
  const counted = cursor?.count ?? readNumber(reader.row(`SELECT count(*) ${where}`, parameters)?.[0]);
  return makePage(
    rows,
    limit,
    counted,
    (row) => ({
      ruleId: request.ruleId,
      linkNumber: readNumber(row[0]),
      objectType: objectTypeCodes.word(row[1]),
      runId: readId(row[2]),
      sourceKey: readText(row[3]),
      place: readText(row[4]),
      label: readText(row[5]),
      how: readWord(['deleted', 'outOfScope'], row[6]),
      detail: readText(row[7]),
      firstRunId: readText(row[8]),
    }),
    (row) => readNumber(row[0]),
  );
}
