import {
  chooseDialect,
  directoryAttributes,
  type OutboundDialect,
  outboundDialect,
} from '@sallyport/connectors';
import type { TargetPort } from '@sallyport/engine';
import { defaultSchema, type Schema } from '@sallyport/ldap';
import { readUuid } from '@sallyport/model';
import type { Gateway, PropagationStore, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import { SILENT } from '../runs/rule-ports.ts';
import { readAccountFlag } from '../stores/connection-check.ts';

/** The directory that an outbound rule writes to, as far as can be known without writing. */
export interface OutboundTarget {
  readonly dialect: OutboundDialect;
  /** The directory's own if it can be reached now, else the built-in one. */
  readonly schema: Schema;
  readonly attributes: Pick<TargetPort, 'attribute' | 'attributeNames'>;
}

export async function readOutboundTarget(
  store: Store,
  directory: DirectoryAccess,
  target: PropagationStore,
  signal: AbortSignal,
): Promise<OutboundTarget> {
  const gateway = await gatewayOf(store, target);
  const schema =
    (gateway === undefined ? undefined : await directory.schemaIfReachable(gateway.id, signal)) ??
    defaultSchema;
  const vendor = target.configuration.LDAP_TYPE;
  const { name } = chooseDialect(SILENT, typeof vendor === 'string' ? vendor : undefined);
  const dialect = outboundDialect(name, readAccountFlag(target.configuration));
  return { dialect, schema, attributes: directoryAttributes(dialect, schema) };
}

async function gatewayOf(store: Store, target: PropagationStore): Promise<Gateway | undefined> {
  const id = readUuid(gatewayIdOf(target.configuration) ?? '');
  return id === undefined ? undefined : store.gateways.get(target.environmentId, id);
}
