import type { ActivityBody } from '@sallyport/contract';
import type { Activity, Store } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { idOf } from '../http/refuse.ts';

export function makeActivityHandlers(store: Store): HandlerGroup<'activities'> {
  return {
    list: async ({ params, query }, context) => {
      const page = await store.activities.list(idOf(params.environmentId, 'environment'), pageRequest(query));
      const bodies = page.items.map((activity) => activityBody(activity, context.addresses));
      return collectionBody(context, 'activities', bodies, page);
    },
  };
}

function activityBody(activity: Activity, addresses: Addresses): ActivityBody {
  const environment = environmentPath(activity.environmentId);
  return {
    _links: addresses.links(`${environment}/activities`, { environment }),
    id: activity.id,
    environment: { id: activity.environmentId },
    recordedAt: timestamp(activity.at),
    action: { type: activity.action },
    actors: { client: { id: activity.actor.id, name: activity.actor.name ?? activity.actor.id } },
    resources: [
      present({ type: activity.resource.type, id: activity.resource.id, name: activity.resource.name }),
    ],
    result: { status: 'SUCCESS', description: '' },
  };
}
