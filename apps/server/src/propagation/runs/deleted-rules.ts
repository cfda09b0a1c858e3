import type { Uuid } from '@sallyport/model';
import type { Log } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import { type RuleSpec, specOf } from '../../sync/rule-spec.ts';
import type { Supervisor } from '../../sync/supervision.ts';

/** The rules that the newest revision no longer has, as the one before had them. */
export async function deletedRules(store: Store, environmentId: Uuid): Promise<readonly RuleSpec[]> {
  const newest = await store.revisions.latest(environmentId);
  if (newest?.previousId === undefined) return [];
  const { previousId } = newest;
  const [before, now] = await Promise.all([
    store.revisions.snapshot(environmentId, previousId),
    store.revisions.snapshot(environmentId, newest.id),
  ]);
  const left = new Set(now?.rules.map(({ id }) => id));
  return (before?.rules ?? []).flatMap((rule) => {
    const spec =
      before === undefined || left.has(rule.id)
        ? undefined
        : specOf(environmentId, previousId, before, rule.id);
    return spec ?? [];
  });
}

/**
 * Settles what a deleted rule leaves: where its target store is `managed`, its users are deprovisioned, under the guard;
 * then its links are forgotten. Held by the guard, links stay, so that nothing is lost before a person has looked.
 */
export async function settleDeletedRule(
  store: Store,
  supervisor: Supervisor,
  spec: RuleSpec,
  log: Log,
): Promise<void> {
  const { environmentId, rule, target } = spec;
  if (target.managed || rule.deprovision) {
    const summary = await supervisor.deprovision(spec, { confirmed: false, actor: 'rule deletion' });
    if (summary.progress.status !== 'completed') {
      log.warn(
        { ruleId: rule.id, status: summary.progress.status, reason: summary.progress.errorMessage },
        'the users of a deleted rule were not all deprovisioned',
      );
      return;
    }
  }
  await store.ruleSyncs.remove(environmentId, rule.id);
}
