import type { Uuid } from '@sallyport/model';
import type {
  PropagationMapping,
  PropagationRule,
  PropagationStore,
  RevisionSnapshot,
} from '@sallyport/store';

/** One rule with everything of its revision that says what it does. */
export interface RuleSpec {
  readonly environmentId: Uuid;
  /** Undefined for a rule that was never saved. */
  readonly revisionId: Uuid | undefined;
  readonly rule: PropagationRule;
  readonly source: PropagationStore;
  readonly target: PropagationStore;
  readonly mappings: readonly PropagationMapping[];
}

/** The rule of a revision, active or not; undefined if it, or one of its stores, is not in it. */
export function specOf(
  environmentId: Uuid,
  revisionId: Uuid,
  snapshot: RevisionSnapshot,
  ruleId: string,
): RuleSpec | undefined {
  const rule = snapshot.rules.find((one) => one.id === ruleId);
  const source = snapshot.stores.find((one) => one.id === rule?.sourceStoreId);
  const target = snapshot.stores.find((one) => one.id === rule?.targetStoreId);
  if (rule === undefined || source === undefined || target === undefined) return undefined;
  return {
    environmentId,
    revisionId,
    rule,
    source,
    target,
    mappings: snapshot.mappings.filter((mapping) => mapping.ruleId === rule.id),
  };
}

/**
 * The rules of a revision that are to run: active, between active stores. The status of a plan does not count: clients in
 * the field know only `INACTIVE` for it.
 */
export function activeSpecs(
  environmentId: Uuid,
  revisionId: Uuid,
  snapshot: RevisionSnapshot,
): readonly RuleSpec[] {
  return snapshot.rules.flatMap((rule) => {
    if (!rule.active) return [];
    const spec = specOf(environmentId, revisionId, snapshot, rule.id);
    return spec?.source.status === 'ACTIVE' && spec.target.status === 'ACTIVE' ? [spec] : [];
  });
}

/** Whether anything that a run depends on differs; names of rules and stores do not count, nor does the revision itself. */
export function isSameWork(before: RuleSpec, now: RuleSpec): boolean {
  return workText(before) === workText(now);
}

function workText({ rule, source, target, mappings }: RuleSpec): string {
  return JSON.stringify([
    rule.configuration,
    rule.populationExpression ?? null,
    rule.groupIds,
    rule.populationIds,
    source.id,
    source.type,
    source.configuration,
    target.id,
    target.type,
    target.configuration,
    mappings
      .map(({ createdAt: _created, updatedAt: _updated, ...mapping }) => mapping)
      .sort((left, right) => (left.id < right.id ? -1 : 1)),
  ]);
}
