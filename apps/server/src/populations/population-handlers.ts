import type { Store } from '@sallyport/store';
import type { HandlerGroup } from '../http/handlers.ts';
import { readNamedFilter } from '../http/named-filter.ts';
import { collectionBody, pageRequest } from '../http/paging.ts';
import { found, idOf } from '../http/refuse.ts';
import { populationBody } from './population-body.ts';

export function makePopulationHandlers(store: Store): HandlerGroup<'populations'> {
  return {
    list: async ({ params, query }, context) => {
      const page = await store.populations.list(idOf(params.environmentId, 'environment'), {
        ...pageRequest(query),
        ...readNamedFilter(query.filter),
      });
      const bodies = page.items.map((population) => populationBody(population, context.addresses));
      return collectionBody(context, 'populations', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const population = await store.populations.create({
        environmentId: idOf(params.environmentId, 'environment'),
        name: body.name,
        description: body.description ?? undefined,
        isDefault: body.default ?? false,
      });
      return populationBody(population, context.addresses);
    },
    read: async ({ params }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const population = await store.populations.get(environmentId, idOf(params.populationId, 'population'));
      return populationBody(found(population, 'population'), context.addresses);
    },
    replace: async ({ params, body }, context) => {
      const population = await store.populations.update(
        idOf(params.environmentId, 'environment'),
        idOf(params.populationId, 'population'),
        {
          name: body.name,
          description: body.description ?? undefined,
          // There is always one default: the mark moves when another population gets it, and cannot be taken off.
          ...(body.default === true ? { isDefault: true } : {}),
        },
      );
      return populationBody(population, context.addresses);
    },
    remove: async ({ params }) => {
      await store.populations.remove(
        idOf(params.environmentId, 'environment'),
        idOf(params.populationId, 'population'),
      );
      return undefined;
    },
  };
}
