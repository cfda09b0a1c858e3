import type { PropagationRule, Store } from '@sallyport/store';
import { found, idOf } from '../../http/refuse.ts';

/** The rule that the path of a request names. @throws CodedError NOT_FOUND */
export async function ruleOfRequest(
  store: Store,
  params: { readonly environmentId: string; readonly ruleId: string },
): Promise<PropagationRule> {
  const environmentId = idOf(params.environmentId, 'environment');
  return found(await store.rules.get(environmentId, idOf(params.ruleId, 'rule')), 'rule');
}
