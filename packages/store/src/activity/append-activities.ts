import { newUuid } from '@sallyport/model';
import type { Activity } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';

/** Rows in one statement: SQLite binds at most 32,766 values, and each has twelve. */
const CHUNK = 500;

export async function appendActivities(
  session: Session,
  activities: readonly Omit<Activity, 'id'>[],
): Promise<void> {
  if (activities.length === 0) return;
  const rows = activities.map((activity) => ({
    environment_id: activity.environmentId,
    id: newUuid(activity.at),
    at: activity.at,
    actor_type: activity.actor.type,
    actor_id: activity.actor.id,
    actor_name: activity.actor.name ?? null,
    action: activity.action,
    resource_type: activity.resource.type,
    resource_id: activity.resource.id,
    resource_name: activity.resource.name ?? null,
    detail: JSON.stringify(activity.detail),
  }));
  await session.write(async ({ db }) => {
    for (let start = 0; start < rows.length; start += CHUNK)
      await db
        .insertInto('activities')
        .values(rows.slice(start, start + CHUNK))
        .execute();
  });
}
