import type { Uuid } from '@sallyport/model';
import { sql } from 'kysely';
import { afterText, EMPTY_PAGE, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import { namedFilter } from '../list/named-filter.ts';
import type { Population } from '../record/configuration-records.ts';
import type { NamedListRequest, Page } from '../record/page.ts';
import type { Session } from '../session.ts';
import { readPopulationRow } from './population-row.ts';

export async function listPopulations(
  session: Session,
  environmentId: Uuid,
  request: NamedListRequest,
): Promise<Page<Population>> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return EMPTY_PAGE;
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('populations')
    .where('environment_no', '=', environmentNo)
    .where(namedFilter<'populations'>(request));
  const rows = await selected
    .select(['id', 'name', 'description', 'is_default', 'properties', 'created_at', 'updated_at'])
    .select(
      sql<number>`(SELECT count(*) FROM users u WHERE u.environment_no = populations.environment_no AND u.population_no = populations.number)`.as(
        'user_count',
      ),
    )
    .where('id', '>', afterText(cursor))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(
    rows,
    limit,
    counted,
    (row) =>
      readPopulationRow(environmentId, [
        row.id,
        row.name,
        row.description,
        row.is_default,
        row.properties,
        row.created_at,
        row.updated_at,
        row.user_count,
      ]),
    (row) => row.id,
  );
}
