import { readUuid, type Uuid } from '@sallyport/model';
import type { PropagationStore, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import { readOutboundTarget } from '../mappings/outbound-ends.ts';
import { userTargetAttributes } from '../mappings/target-attributes.ts';
import type { RuleEnds } from './rule-faults.ts';

/** Gathers what a rule is judged by. */
export async function readRuleEnds(
  store: Store,
  directory: DirectoryAccess,
  environmentId: Uuid,
  source: PropagationStore,
  target: PropagationStore,
  signal: AbortSignal,
): Promise<RuleEnds> {
  const end = [source, target].find(({ type }) => type === 'LdapGateway');
  const gatewayId = readUuid((end === undefined ? undefined : gatewayIdOf(end.configuration)) ?? '');
  const gateway = gatewayId === undefined ? undefined : await store.gateways.get(environmentId, gatewayId);
  const isInbound = source.type === 'LdapGateway';
  const schema =
    gateway === undefined || !isInbound ? undefined : await directory.schemaIfReachable(gateway.id, signal);
  return {
    source,
    target,
    gateway,
    schema,
    targetAttributes: await userTargetAttributes(store, environmentId),
    outbound:
      source.type === 'directory' && target.type === 'LdapGateway'
        ? await readOutboundTarget(store, directory, target, signal)
        : undefined,
  };
}
