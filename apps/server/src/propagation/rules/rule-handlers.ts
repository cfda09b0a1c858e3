import type { OPERATIONS, OperationRequest } from '@sallyport/contract';
import type { Uuid } from '@sallyport/model';
import type { PropagationRule, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { allItems } from '../../http/all-items.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { bodyId, Faults, found, idOf, refuseValue } from '../../http/refuse.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { OnboardingChecks } from './onboarding-faults.ts';
import { ruleBody } from './rule-body.ts';
import { readRuleEnds } from './rule-ends.ts';
import { checkEnds, checkReadiness, checkRule, type RuleDraft } from './rule-faults.ts';

type CreateInput = OperationRequest<typeof OPERATIONS.rules.create>['body'];
type Common = OperationRequest<typeof OPERATIONS.rules.replace>['body'];

interface RuleParams {
  readonly environmentId: string;
  readonly ruleId: string;
}

export function makeRuleHandlers(
  store: Store,
  directory: DirectoryAccess,
  checks: OnboardingChecks,
): HandlerGroup<'rules'> {
  const keyOf = (params: RuleParams): readonly [Uuid, Uuid] => [
    idOf(params.environmentId, 'environment'),
    idOf(params.ruleId, 'rule'),
  ];

  const create = async (
    environmentId: Uuid,
    planId: Uuid | undefined,
    body: CreateInput,
    context: RequestContext,
  ) => {
    const faults = new Faults();
    const plan = planId ?? (await planOf(environmentId, body.plan?.id, faults));
    const [source, target] = await Promise.all([
      store.stores.get(environmentId, bodyId(body.sourceStore.id)),
      store.stores.get(environmentId, bodyId(body.targetStore.id)),
    ]);
    if (source === undefined)
      faults.add(
        'INVALID_VALUE',
        'sourceStore.id',
        `There is no store ${body.sourceStore.id} in this environment`,
      );
    if (target === undefined)
      faults.add(
        'INVALID_VALUE',
        'targetStore.id',
        `There is no store ${body.targetStore.id} in this environment`,
      );
    const draft = draftOf(body);
    if (source !== undefined && target !== undefined) {
      checkEnds(source, target, faults);
      const ends = await readRuleEnds(store, directory, environmentId, source, target, context.signal);
      await checkRule(checks, environmentId, draft, ends, faults);
      if (draft.active) checkReadiness(ends, draft, [], faults);
    }
    faults.throwIfAny();
    const rule = await store.rules.create({
      ...columnsOf(body, draft),
      environmentId,
      planId: plan ?? refuseValue('REQUIRED_VALUE', 'plan.id', 'plan.id is required'),
      sourceStoreId: bodyId(body.sourceStore.id),
      targetStoreId: bodyId(body.targetStore.id),
    });
    return { ...ruleBody(rule, context.addresses), ...faults.warningsBody };
  };

  /** The plan a body names, or the one there is. */
  const planOf = async (
    environmentId: Uuid,
    named: string | undefined,
    faults: Faults,
  ): Promise<Uuid | undefined> => {
    if (named === undefined) {
      const { items } = await store.plans.list(environmentId, { limit: 1 });
      if (items[0] === undefined)
        faults.add('REQUIRED_VALUE', 'plan.id', 'plan.id is required; make a plan first');
      return items[0]?.id;
    }
    const plan = await store.plans.get(environmentId, bodyId(named));
    if (plan === undefined)
      faults.add('INVALID_VALUE', 'plan.id', `There is no plan ${named} in this environment`);
    return plan?.id;
  };

  const list = async (
    environmentId: Uuid,
    planId: Uuid | undefined,
    query: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
    context: RequestContext,
  ) => {
    const page = await store.rules.list(environmentId, { ...pageRequest(query), planId });
    const bodies = page.items.map((rule) => ruleBody(rule, context.addresses));
    return collectionBody(context, 'rules', bodies, page);
  };

  return {
    list: async ({ params, query }, context) =>
      list(idOf(params.environmentId, 'environment'), undefined, query, context),
    create: async ({ params, body }, context) =>
      create(idOf(params.environmentId, 'environment'), undefined, body, context),
    listOfPlan: async ({ params, query }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const plan = found(await store.plans.get(environmentId, idOf(params.planId, 'plan')), 'plan');
      return list(environmentId, plan.id, query, context);
    },
    createInPlan: async ({ params, body }, context) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const plan = found(await store.plans.get(environmentId, idOf(params.planId, 'plan')), 'plan');
      return create(environmentId, plan.id, body, context);
    },
    read: async ({ params }, context) =>
      ruleBody(found(await store.rules.get(...keyOf(params)), 'rule'), context.addresses),
    replace: async ({ params, body }, context) => {
      const before = found(await store.rules.get(...keyOf(params)), 'rule');
      const { environmentId } = before;
      const [source, target] = await Promise.all([
        store.stores.get(environmentId, before.sourceStoreId),
        store.stores.get(environmentId, before.targetStoreId),
      ]);
      const ends = await readRuleEnds(
        store,
        directory,
        environmentId,
        found(source, 'store'),
        found(target, 'store'),
        context.signal,
      );
      const draft = draftOf(body);
      const faults = new Faults();
      await checkRule(checks, environmentId, draft, ends, faults);
      if (draft.active) {
        const mappings = await allItems((request) => store.mappings.list(environmentId, before.id, request));
        checkReadiness(ends, draft, mappings, faults);
      }
      faults.throwIfAny();
      const rule = await store.rules.update(...keyOf(params), columnsOf(body, draft));
      return { ...ruleBody(rule, context.addresses), ...faults.warningsBody };
    },
    remove: async ({ params }) => {
      await store.rules.remove(...keyOf(params));
      return undefined;
    },
  };
}

function draftOf(body: Common): RuleDraft {
  return {
    active: body.active ?? false,
    populationExpression: body.populationExpression ?? undefined,
    configuration: body.configuration ?? {},
  };
}

function columnsOf(
  body: Common,
  draft: RuleDraft,
): Pick<
  PropagationRule,
  | 'name'
  | 'description'
  | 'active'
  | 'populationExpression'
  | 'groupIds'
  | 'populationIds'
  | 'deprovision'
  | 'configuration'
> {
  return {
    ...draft,
    name: body.name,
    description: body.description ?? undefined,
    groupIds: (body.groups ?? []).map(({ id }) => id),
    populationIds: (body.populations ?? []).map(({ id }) => id),
    deprovision: body.deprovision ?? false,
  };
}
