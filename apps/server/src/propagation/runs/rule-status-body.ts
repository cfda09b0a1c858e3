import type { RuleStatusBody } from '@sallyport/contract';
import { concernsGroups, readTargetActions, readUuid, type Uuid } from '@sallyport/model';
import type { PropagationRule, PropagationStore, Run, Store, SyncCounters } from '@sallyport/store';
import { type Addresses, environmentPath, present, timestamp } from '../../http/hal.ts';
import type { RuleStatus } from '../../sync/rule-status.ts';
import { directionOf } from '../rules/direction.ts';
import { rulePath } from '../rules/rule-body.ts';
import { runBody } from './run-body.ts';

/** How a rule is doing: from its links, from the list that waits, from its newest run and from whoever runs it. */
export async function ruleStatusBody(
  store: Store,
  rule: PropagationRule,
  state: RuleStatus,
  now: number,
  addresses: Addresses,
): Promise<RuleStatusBody> {
  const { environmentId, id } = rule;
  const [source, target, users, groups, runs, held] = await Promise.all([
    store.stores.get(environmentId, rule.sourceStoreId),
    store.stores.get(environmentId, rule.targetStoreId),
    store.links.counters(environmentId, id, 'user'),
    store.links.counters(environmentId, id, 'group'),
    store.runs.list(environmentId, { limit: 1, ruleId: id }),
    store.held.count(environmentId, id),
  ]);
  const [lastRun] = runs.items;
  const { running } = state;
  // A poll that finds nothing leaves no record: one that has read nothing yet may never be there to be looked at.
  const isRunning =
    running !== undefined && (running.read > 0 || (await isRecorded(store, environmentId, running.runId)));
  const path = rulePath(environmentId, id);
  const waits = held.runIds.length > 0;
  return {
    _links: addresses.links(`${path}/status`, { environment: environmentPath(environmentId), rule: path }),
    environment: { id: environmentId },
    rule: { id },
    ...stateOf(rule, state, lastRun, waits),
    direction: directionOf(source?.type ?? ''),
    users: counters(users),
    groups: counters(groups),
    readsGroups: readsGroups(target),
    ...(waits
      ? {
          heldRemovals: {
            users: held.users,
            groups: held.groups,
            memberships: held.memberships,
            runs: held.runIds.map((runId) => ({ id: runId })),
          },
        }
      : {}),
    ...(users.lastSyncAt === undefined ? {} : { lastSyncAt: timestamp(users.lastSyncAt) }),
    ...(state.lastPollAt === undefined ? {} : { lastPollAt: timestamp(state.lastPollAt) }),
    ...(state.nextRunAt === undefined ? {} : { nextRunAt: timestamp(state.nextRunAt) }),
    ...(state.nextFullRunAt === undefined ? {} : { nextFullRunAt: timestamp(state.nextFullRunAt) }),
    ...(isRunning ? { running: { id: running.runId } } : {}),
    queued: [...state.queued],
    ...(lastRun === undefined ? {} : { lastRun: runBody(environmentId, id, lastRun, now, addresses) }),
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
}

async function isRecorded(store: Store, environmentId: Uuid, runId: string): Promise<boolean> {
  const id = readUuid(runId);
  return id !== undefined && (await store.runs.get(environmentId, id)) !== undefined;
}

function readsGroups(target: PropagationStore | undefined): boolean {
  return target !== undefined && concernsGroups(readTargetActions(target.configuration).actions);
}

/** A list that waits is told until somebody decides, whatever runs come and go meanwhile. */
function stateOf(
  rule: PropagationRule,
  state: RuleStatus,
  lastRun: Run | undefined,
  waits: boolean,
): Pick<RuleStatusBody, 'state' | 'detail'> {
  if (!rule.active) return { state: 'INACTIVE', detail: 'The rule is not active' };
  if (state.state === 'inactive')
    return { state: 'WAITING', detail: 'The rule takes effect with the next revision' };
  if (state.breaker.kind === 'open')
    return { state: 'FAILED', detail: state.breaker.reason ?? 'The last polls failed' };
  if (state.state === 'running')
    return waits
      ? { state: 'HELD', detail: 'Removals wait for a person; a run is under way' }
      : { state: 'ACTIVE', detail: 'A run is under way' };
  if (lastRun?.status === 'failed')
    return { state: 'FAILED', detail: lastRun.errorMessage ?? 'The last run failed' };
  if (waits || lastRun?.status === 'held')
    return {
      state: 'HELD',
      detail: (lastRun?.status === 'held' ? lastRun.errorMessage : undefined) ?? 'Removals wait for a person',
    };
  return { state: 'ACTIVE', detail: state.waitsFor === undefined ? '' : `Waits for ${state.waitsFor}` };
}

function counters(counted: SyncCounters): RuleStatusBody['users'] {
  const { impacted, success, unsynced, partialSynced, failed, held, conflict, states } = counted;
  return {
    impacted,
    success,
    unsynced,
    partialSynced,
    failed,
    held,
    conflict,
    states: {
      success: states.SUCCESS,
      partialSynced: states.PARTIAL_SYNCED,
      unsynced: states.UNSYNCED,
      failed: states.FAILED,
      held: states.HELD,
      conflict: states.CONFLICT,
      removed: states.REMOVED,
      kept: states.KEPT,
    },
  };
}
