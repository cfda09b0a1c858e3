import type { ActivityBody } from '@sallyport/contract';
import type { Activity, Store } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../http/hal.ts';
import type { HandlerGroup } from '../http/handlers.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { idOf } from '../http/refuse.ts';
import { readActivityFilter } from './activity-filter.ts';

export function makeActivityHandlers(store: Store): HandlerGroup<'activities'> {
  return {
    list: async ({ params, query }, context) => {
      const page = await store.activities.list(idOf(params.environmentId, 'environment'), {
        ...pageRequest(query),
        ...readActivityFilter(query.filter),
      });
      const bodies = page.items.map((activity) => activityBody(activity, context.addresses));
      return collectionBody(context, 'activities', bodies, page);
    },
  };
}

function activityBody(activity: Activity, addresses: Addresses): ActivityBody {
  const environment = environmentPath(activity.environmentId);
  const { run } = activity.detail;
  return {
    _links: addresses.links(`${environment}/activities`, { environment }),
    id: activity.id,
    environment: { id: activity.environmentId },
    recordedAt: timestamp(activity.at),
    action: { type: activity.action },
    actors: {
      client: {
        id: activity.actor.id,
        name: activity.actor.name ?? activity.actor.id,
        type: activity.actor.type === 'SERVER' ? 'SERVER' : 'APPLICATION',
      },
    },
    resources: [
      present({ type: activity.resource.type, id: activity.resource.id, name: activity.resource.name }),
      ...(typeof run === 'string' ? [{ type: 'RUNS', id: run }] : []),
    ],
    result: {
      status: activity.detail.result === 'FAILED' ? 'FAILED' : 'SUCCESS',
      description: typeof activity.detail.description === 'string' ? activity.detail.description : '',
    },
  };
}
