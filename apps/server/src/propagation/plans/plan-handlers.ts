import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import { CodedError, type Uuid } from '@sallyport/model';
import type { PropagationPlan, Store } from '@sallyport/store';
import { type Addresses, environmentPath, timestamp } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { found, idOf } from '../../http/refuse.ts';

interface PlanParams {
  readonly environmentId: string;
  readonly planId: string;
}

export function makePlanHandlers(store: Store): HandlerGroup<'plans'> {
  const keyOf = (params: PlanParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.planId, 'plan'),
  ];
  return {
    list: async ({ params, query }, context) => {
      const page = await store.plans.list(idOf(params.environmentId, 'environment'), pageRequest(query));
      const bodies = page.items.map((plan) => planBody(plan, context.addresses));
      return collectionBody(context, 'plans', bodies, page);
    },
    create: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const { items } = await store.plans.list(environmentId, { limit: 1 });
      const existing = items[0];
      if (existing !== undefined) throw planExists(existing);
      const plan = await store.plans.create({
        environmentId,
        name: body.name,
        status: body.status ?? 'ACTIVE',
      });
      return planBody(plan, context.addresses);
    },
    read: async ({ params }, context) =>
      planBody(found(await store.plans.get(...keyOf(params)), 'plan'), context.addresses),
    replace: async ({ params, body }, context) => {
      const plan = await store.plans.update(...keyOf(params), {
        name: body.name,
        status: body.status ?? 'ACTIVE',
      });
      return planBody(plan, context.addresses);
    },
    remove: async ({ params }) => {
      await store.plans.remove(...keyOf(params));
      return undefined;
    },
  };
}

/** Clients find out by these words that they should use the plan that is there. */
function planExists(existing: PropagationPlan): CodedError {
  const message = `There is an existing plan in this environment: ${existing.name} (${existing.id})`;
  return new CodedError('PLAN_EXISTS', message, {
    details: [
      { code: 'PLAN_EXISTS', target: 'environment', message, innerError: { existingId: existing.id } },
    ],
  });
}

function planBody(
  plan: PropagationPlan,
  addresses: Addresses,
): OperationAnswer<typeof OPERATIONS.plans.read> {
  const environment = environmentPath(plan.environmentId);
  const path = `${environment}/propagation/plans/${plan.id}`;
  return {
    _links: addresses.links(path, { environment, rules: `${path}/rules` }),
    id: plan.id,
    environment: { id: plan.environmentId },
    name: plan.name,
    status: plan.status,
    createdAt: timestamp(plan.createdAt),
    updatedAt: timestamp(plan.updatedAt),
  };
}
