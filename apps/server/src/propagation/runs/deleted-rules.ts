import { deletionReason } from '@sallyport/engine';
import { readTargetActions, type Uuid } from '@sallyport/model';
import type { Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import { type RuleSpec, specOf } from '../../sync/rule-spec.ts';
import type { Supervisor } from '../../sync/supervision.ts';

const ACTOR = 'rule deletion';

/**
 * The rules that the newest revision no longer has and whose traces are still here, each as the last revision that had it
 * did. Asked at every start and revision, so that neither a crash nor two revisions in a row leaves one unsettled.
 */
export async function deletedRules(store: Store, environmentId: Uuid): Promise<readonly RuleSpec[]> {
  const newest = await store.revisions.latest(environmentId);
  if (newest === undefined) return [];
  const [left, now] = await Promise.all([
    store.ruleSyncs.list(environmentId).then((ids) => new Set<string>(ids)),
    store.revisions.snapshot(environmentId, newest.id),
  ]);
  if (now === undefined) return [];
  for (const { id } of now.rules) left.delete(id);
  const specs: RuleSpec[] = [];
  for (let at = newest.previousId; at !== undefined && left.size > 0; ) {
    const id = at;
    const [revision, snapshot] = await Promise.all([
      store.revisions.get(environmentId, id),
      store.revisions.snapshot(environmentId, id),
    ]);
    for (const ruleId of left) {
      const spec = snapshot === undefined ? undefined : specOf(environmentId, id, snapshot, ruleId);
      if (spec === undefined) continue;
      left.delete(ruleId);
      specs.push(spec);
    }
    at = revision?.previousId;
  }
  return specs;
}

/** The guard has spoken before, and nothing has changed since: only a person can. */
async function isHeld(store: Store, { environmentId, rule }: RuleSpec): Promise<boolean> {
  const [last] = (await store.runs.list(environmentId, { ruleId: rule.id, limit: 1 })).items;
  return last?.status === 'held' && last.reason === deletionReason(ACTOR);
}

/**
 * Settles what a deleted rule leaves: where its target store is `managed`, its users are deprovisioned, and where the store says
 * so the groups it made are deleted, both under the guard; groups that stay become ordinary ones, which people may change. Then
 * its links are forgotten. Held by the guard, links stay, so that nothing is lost before a person has looked.
 */
export async function settleDeletedRule(
  store: Store,
  supervisor: Supervisor,
  spec: RuleSpec,
  log: Log,
): Promise<void> {
  const { environmentId, rule, target } = spec;
  const users = target.managed || rule.deprovision;
  const { actions } = readTargetActions(target.configuration);
  if (users || actions.deleteGroupsOnRuleDeletion) {
    if (await isHeld(store, spec)) return;
    const summary = await supervisor.deprovision(spec, { confirmed: false, actor: ACTOR, users });
    if (summary.progress.status !== 'completed') {
      log.warn(
        { ruleId: rule.id, status: summary.progress.status, reason: summary.progress.errorMessage },
        'what a deleted rule made was not all deprovisioned',
      );
      return;
    }
  }
  await store.groups.makeOrdinary(environmentId, rule.id);
  await store.ruleSyncs.remove(environmentId, rule.id);
}
