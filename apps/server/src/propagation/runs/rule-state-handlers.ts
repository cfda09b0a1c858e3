import type { ExplanationBody, RuleStatusBody } from '@sallyport/contract';
import type { Explanation } from '@sallyport/engine';
import { LINK_STATUSES, type LinkStatus } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { LinkLine, PropagationRule, Run, Store, SyncCounters } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { environmentPath, present, timestamp } from '../../http/hal.ts';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { found, idOf, refuseValue } from '../../http/refuse.ts';
import type { RuleStatus } from '../../sync/rule-status.ts';
import { explainOutbound, readOutboundRule, readSourceUser } from '../mappings/outbound-rule.ts';
import { directionOf } from '../rules/direction.ts';
import { rulePath } from '../rules/rule-body.ts';
import type { RuleControl } from './rule-control.ts';
import { runBody } from './run-body.ts';
import { readSavedSpec } from './saved-spec.ts';

export interface RuleStateDependencies {
  readonly store: Store;
  readonly directory: DirectoryAccess;
  readonly control: RuleControl;
  readonly clock: Clock;
}

export function makeRuleStateHandlers({
  store,
  directory,
  control,
  clock,
}: RuleStateDependencies): HandlerGroup<'ruleState'> {
  const ruleOf = async (params: {
    readonly environmentId: string;
    readonly ruleId: string;
  }): Promise<PropagationRule> =>
    found(
      await store.rules.get(idOf(params.environmentId, 'environment'), idOf(params.ruleId, 'rule')),
      'rule',
    );
  return {
    readStatus: async ({ params }, context) => {
      const rule = await ruleOf(params);
      const { environmentId } = rule;
      const [source, users, groups, runs] = await Promise.all([
        store.stores.get(environmentId, rule.sourceStoreId),
        store.links.counters(environmentId, rule.id, 'user'),
        store.links.counters(environmentId, rule.id, 'group'),
        store.runs.list(environmentId, { limit: 1, ruleId: rule.id }),
      ]);
      const state = control.status(rule.id);
      const [lastRun] = runs.items;
      const path = rulePath(environmentId, rule.id);
      return {
        _links: context.addresses.links(`${path}/status`, {
          environment: environmentPath(environmentId),
          rule: path,
        }),
        environment: { id: environmentId },
        rule: { id: rule.id },
        ...stateOf(rule, state, lastRun),
        direction: directionOf(source?.type ?? ''),
        users: counters(users),
        groups: counters(groups),
        ...(users.lastSyncAt === undefined ? {} : { lastSyncAt: timestamp(users.lastSyncAt) }),
        ...(state.lastPollAt === undefined ? {} : { lastPollAt: timestamp(state.lastPollAt) }),
        ...(state.nextRunAt === undefined ? {} : { nextRunAt: timestamp(state.nextRunAt) }),
        ...(state.nextFullRunAt === undefined ? {} : { nextFullRunAt: timestamp(state.nextFullRunAt) }),
        ...(state.running === undefined ? {} : { running: { id: state.running.runId } }),
        queued: [...state.queued],
        ...(lastRun === undefined
          ? {}
          : { lastRun: runBody(environmentId, rule.id, lastRun, clock.now(), context.addresses) }),
        ...present({ strategy: state.source?.strategy, strategyReason: state.source?.strategyReason }),
        push: state.push,
        warnings: [...(state.source?.warnings ?? [])],
        breaker: {
          open: state.breaker.kind === 'open',
          failures: state.breaker.failures,
          ...present({ reason: state.breaker.reason }),
          ...(state.breaker.nextTryAt === undefined ? {} : { nextTryAt: timestamp(state.breaker.nextTryAt) }),
        },
      };
    },
    explain: async ({ params, body }, context) => {
      const rule = await ruleOf(params);
      const spec = await readSavedSpec(store, rule.environmentId, rule.id);
      if (directionOf(spec.source.type) === 'OUTBOUND') {
        const outbound = await readOutboundRule(store, directory, spec, context.signal);
        const user = await readSourceUser(store, rule.environmentId, body.identifier);
        return explainOutbound(outbound, user, body.identifier, clock.now());
      }
      return explanationBody(
        await control.explain(rule.environmentId, rule.id, body.identifier, context.signal),
      );
    },
    listObjects: async ({ params, query }, context) => {
      const rule = await ruleOf(params);
      const page = await store.links.list(rule.environmentId, rule.id, {
        ...pageRequest(query),
        status: readStatus(query.status),
      });
      return collectionBody(context, 'objects', page.items.map(objectBody), page);
    },
  };
}

function stateOf(
  rule: PropagationRule,
  state: RuleStatus,
  lastRun: Run | undefined,
): Pick<RuleStatusBody, 'state' | 'detail'> {
  if (!rule.active) return { state: 'INACTIVE', detail: 'The rule is not active' };
  if (state.state === 'inactive')
    return { state: 'WAITING', detail: 'The rule takes effect with the next revision' };
  if (state.breaker.kind === 'open')
    return { state: 'FAILED', detail: state.breaker.reason ?? 'The last polls failed' };
  if (state.state === 'running') return { state: 'ACTIVE', detail: 'A run is under way' };
  if (lastRun?.status === 'held')
    return { state: 'HELD', detail: lastRun.errorMessage ?? 'Removals wait for a person' };
  if (lastRun?.status === 'failed')
    return { state: 'FAILED', detail: lastRun.errorMessage ?? 'The last run failed' };
  return { state: 'ACTIVE', detail: state.waitsFor === undefined ? '' : `Waits for ${state.waitsFor}` };
}

function counters(counted: SyncCounters): RuleStatusBody['users'] {
  const { impacted, success, unsynced, partialSynced, failed, held, conflict } = counted;
  return { impacted, success, unsynced, partialSynced, failed, held, conflict };
}

function readStatus(text: string | undefined): LinkStatus | undefined {
  if (text === undefined) return undefined;
  return (
    LINK_STATUSES.find((known) => known === text.toUpperCase()) ??
    refuseValue(
      'INVALID_PARAMETER',
      'status',
      `status must be one of ${LINK_STATUSES.join(', ')}, found ${text}`,
    )
  );
}

function objectBody(link: LinkLine) {
  return {
    objectType: link.objectType,
    sourceKey: link.sourceKey,
    place: link.place,
    ...present({ targetId: link.targetId, errorCode: link.errorCode }),
    status: link.status,
    outcome: link.outcome,
    reason: link.reason,
    lastSyncAt: timestamp(link.lastSyncAt),
  };
}

function explanationBody(explanation: Explanation): ExplanationBody {
  if (!explanation.read) return { found: false, reason: explanation.reason };
  const { link, action } = explanation;
  return {
    found: true,
    reason: action.reason,
    sourceKey: explanation.key,
    place: explanation.place,
    ...present({ active: explanation.active }),
    scope: { inScope: explanation.scope.inScope, clause: explanation.scope.clause },
    ...(link === undefined
      ? {}
      : {
          link: {
            ...present({ targetId: link.targetId }),
            presence: link.presence,
            status: link.status,
            outcome: link.outcome,
            reason: link.reason,
            lastSyncAt: timestamp(link.lastSyncAt),
          },
        }),
    mapped: explanation.mapped.map(({ mapping, targetAttribute, values, masked, error }) => ({
      mapping,
      targetAttribute,
      values: [...values],
      masked,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    })),
    action: {
      outcome: action.outcome,
      status: action.status,
      ...present({ errorCode: action.errorCode, targetId: action.targetId }),
      changes: action.changes.map((change) => ({
        attribute: change.attribute,
        before: [...change.before],
        after: [...change.after],
        ...present({ masked: change.masked }),
      })),
    },
  };
}
