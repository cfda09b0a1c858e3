import { foldCase, type Uuid } from '@sallyport/model';
import { beforeNumber, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Page } from '../record/page.ts';
import type { JournalLine } from '../record/sync-records.ts';
import { objectTypeCodes, outcomeCodes } from '../schema/codes.ts';
import { readId, readNumber } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import type { Cell, Connection } from '../sqlite/connection.ts';
import type { JournalListRequest } from '../store.ts';
import { JOURNAL_SELECT, readJournalLine } from './journal-row.ts';

interface Part {
  readonly ruleId: Uuid;
  readonly where: string;
  readonly parameters: readonly Cell[];
}

/**
 * Newest first. The journal has an index for each rule and one for each target; a list over the whole environment takes
 * a page of each rule and merges them, since rules are few and a third index on every line is not.
 */
export function listJournal(
  session: Session,
  environmentId: Uuid,
  request: JournalListRequest,
): Page<JournalLine> {
  const { reader } = session;
  const environmentNo = session.numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const before = beforeNumber(cursor);
  const parts = partsOf(session, environmentNo, request);
  const rows = parts.flatMap(({ ruleId, where, parameters }) =>
    reader
      .rows(`${JOURNAL_SELECT} WHERE ${where} AND j.number < ? ORDER BY j.number DESC LIMIT ?`, [
        ...parameters,
        before,
        limit + 1,
      ])
      .map((row) => readJournalLine(ruleId, row)),
  );
  rows.sort((one, other) => other.number - one.number);
  const counted =
    cursor?.count ??
    parts
      .map(({ where, parameters }) =>
        readNumber(reader.row(`SELECT count(*) FROM journal j WHERE ${where}`, parameters)?.[0]),
      )
      .reduce((sum, count) => sum + count, 0);
  return makePage(
    rows,
    limit,
    counted,
    (line) => line,
    (line) => line.number,
  );
}

function partsOf(session: Session, environmentNo: number, request: JournalListRequest): readonly Part[] {
  const rules = session.reader.rows(
    `SELECT number, rule_id FROM rule_syncs WHERE environment_no = ?${request.ruleId === undefined ? '' : ' AND rule_id = ?'}`,
    request.ruleId === undefined ? [environmentNo] : [environmentNo, request.ruleId],
  );
  const run = request.runId === undefined ? undefined : runPart(session, environmentNo, request.runId);
  return rules.flatMap(([ruleNo, ruleId]) => {
    if (request.runId !== undefined && run?.ruleNo !== ruleNo) return [];
    const conditions = ['j.environment_no = ? AND j.rule_no = ?'];
    const parameters: Cell[] = [environmentNo, readNumber(ruleNo)];
    const add = (condition: string, ...values: readonly Cell[]): void => {
      conditions.push(condition);
      parameters.push(...values);
    };
    if (run !== undefined)
      add('j.number >= ? AND j.number <= ? AND j.run_no = ?', run.first, run.last, run.runNo);
    if (request.targetId !== undefined) add('j.target_id = ?', request.targetId);
    if (request.outcome !== undefined) add('j.outcome = ?', outcomeCodes.code(request.outcome));
    if (request.objectType !== undefined) add('j.object_type = ?', objectTypeCodes.code(request.objectType));
    if (request.contains !== undefined) {
      const part = foldCase(request.contains);
      add('(instr(fold_case(j.label), ?) > 0 OR instr(fold_case(j.place), ?) > 0)', part, part);
    }
    if (request.from !== undefined)
      add('j.number >= ? AND j.at >= ?', firstLineAt(session.reader, request.from - SKEW_MS), request.from);
    if (request.until !== undefined)
      add('j.number < ? AND j.at < ?', firstLineAt(session.reader, request.until + SKEW_MS), request.until);
    return [{ ruleId: readId(ruleId), where: conditions.join(' AND '), parameters }];
  });
}

/** Lines are written a moment after what they tell, and rules side by side: this far may times be out of order. */
const SKEW_MS = 3_600_000;

/** The first number whose line is not before `at`, found by halving: times rise with numbers, and an index on times would cost every line. */
function firstLineAt(connection: Connection, at: number): number {
  let low = 0;
  let high = readNumber(connection.row('SELECT coalesce(max(number), 0) + 1 FROM journal', [])?.[0]);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = connection.row('SELECT number, at FROM journal WHERE number >= ? ORDER BY number LIMIT 1', [
      middle,
    ]);
    if (line === undefined || readNumber(line[1]) >= at) high = middle;
    else low = readNumber(line[0]) + 1;
  }
  return low;
}

function runPart(session: Session, environmentNo: number, runId: Uuid) {
  const row = session.reader.row(
    'SELECT number, rule_no, first_line, last_line FROM runs WHERE environment_no = ? AND id = ? AND first_line IS NOT NULL',
    [environmentNo, runId],
  );
  if (row === undefined) return undefined;
  const [runNo, ruleNo, first, last] = row.map(readNumber);
  return {
    runNo: readNumber(runNo),
    ruleNo: readNumber(ruleNo),
    first: readNumber(first),
    last: readNumber(last),
  };
}
