import { CodedError, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import { allItems } from '../../http/all-items.ts';
import { found } from '../../http/refuse.ts';
import type { RuleSpec } from '../../sync/rule-spec.ts';

/**
 * A rule as it is saved now, whether or not a revision has taken it into effect.
 * @throws CodedError `NOT_FOUND`, or `INVALID_CONFIGURATION` if one of its stores is gone
 */
export async function readSavedSpec(store: Store, environmentId: Uuid, ruleId: Uuid): Promise<RuleSpec> {
  const rule = found(await store.rules.get(environmentId, ruleId), 'rule');
  const [source, target, mappings, revision] = await Promise.all([
    store.stores.get(environmentId, rule.sourceStoreId),
    store.stores.get(environmentId, rule.targetStoreId),
    allItems((request) => store.mappings.list(environmentId, ruleId, request)),
    store.revisions.latest(environmentId),
  ]);
  if (source === undefined || target === undefined)
    throw new CodedError(
      'INVALID_CONFIGURATION',
      `The rule ${rule.name} names a store that does not exist any more`,
    );
  return { environmentId, revisionId: revision?.id, rule, source, target, mappings };
}
