import type { Uuid } from '@sallyport/model';
import { beforeNumber, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Page, PageRequest } from '../record/page.ts';
import type { Run } from '../record/sync-records.ts';
import { readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { readRulePlace } from './rule-place.ts';
import { RUN_COLUMNS, readRun } from './run-row.ts';

const FROM = 'FROM runs r JOIN rule_syncs s ON s.number = r.rule_no';

export function getRun(session: Session, environmentId: Uuid, id: Uuid): Run | undefined {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return undefined;
  const row = session.reader.row(`SELECT ${RUN_COLUMNS} ${FROM} WHERE r.environment_no = ? AND r.id = ?`, [
    environmentNo,
    id,
  ]);
  return row === undefined ? undefined : readRun(environmentId, row);
}

/** Newest first. */
export function listRuns(
  session: Session,
  environmentId: Uuid,
  request: PageRequest & { readonly ruleId?: Uuid | undefined },
): Page<Run> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const place =
    request.ruleId === undefined
      ? undefined
      : readRulePlace(session.reader, session.numbers, environmentId, request.ruleId);
  if (request.ruleId !== undefined && place === undefined) return EMPTY_PAGE;
  const where = place === undefined ? 'WHERE r.environment_no = ?' : 'WHERE r.rule_no = ?';
  const parameters = [place?.ruleNo ?? environmentNo];
  const rows = session.reader.rows(
    `SELECT ${RUN_COLUMNS} ${FROM} ${where} AND r.number < ? ORDER BY r.number DESC LIMIT ?`,
    [...parameters, beforeNumber(cursor), limit + 1],
  );
  const counted =
    cursor?.count ?? readNumber(session.reader.row(`SELECT count(*) ${FROM} ${where}`, parameters)?.[0]);
  return makePage(
    rows,
    limit,
    counted,
    (row) => readRun(environmentId, row),
    (row) => readNumber(row[0]),
  );
}
