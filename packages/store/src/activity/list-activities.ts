import type { Uuid } from '@sallyport/model';
import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import { beforeNumber, makePage, pageLimit, readCursor } from '../list/cursor.ts';
import type { Activity } from '../record/configuration-records.ts';
import type { Page, PageRequest } from '../record/page.ts';
import { readId, readObject } from '../schema/decode.ts';
import type { Tables } from '../schema/tables.ts';
import type { Session } from '../session.ts';

export interface ActivityListRequest extends PageRequest {
  readonly resourceId?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly actorId?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

function activityFilter({ resourceId, resourceType, actorId, action, from, until }: ActivityListRequest) {
  return (eb: ExpressionBuilder<Tables, 'activities'>): ExpressionWrapper<Tables, 'activities', SqlBool> =>
    eb.and([
      ...(resourceId === undefined ? [] : [eb('resource_id', '=', resourceId)]),
      ...(resourceType === undefined ? [] : [eb('resource_type', '=', resourceType)]),
      ...(actorId === undefined ? [] : [eb('actor_id', '=', actorId)]),
      ...(action === undefined ? [] : [eb('action', '=', action)]),
      ...(from === undefined ? [] : [eb('at', '>=', from)]),
      ...(until === undefined ? [] : [eb('at', '<', until)]),
    ]);
}

/** Newest first. */
export async function listActivities(
  session: Session,
  environmentId: Uuid,
  request: ActivityListRequest,
): Promise<Page<Activity>> {
  const limit = pageLimit(request);
  const cursor = readCursor(request.cursor);
  const selected = session.db
    .selectFrom('activities')
    .where('environment_id', '=', environmentId)
    .where(activityFilter(request));
  const rows = await selected
    .select([
      'number',
      'id',
      'at',
      'actor_type',
      'actor_id',
      'actor_name',
      'action',
      'resource_type',
      'resource_id',
      'resource_name',
      'detail',
    ])
    .where('number', '<', beforeNumber(cursor))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const counted =
    cursor?.count ??
    (await selected.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  return makePage(
    rows,
    limit,
    counted,
    (row) => ({
      environmentId,
      id: readId(row.id),
      at: row.at,
      actor: { type: row.actor_type, id: row.actor_id, name: row.actor_name ?? undefined },
      action: row.action,
      resource: { type: row.resource_type, id: row.resource_id, name: row.resource_name ?? undefined },
      detail: readObject(row.detail),
    }),
    (row) => row.number,
  );
}
