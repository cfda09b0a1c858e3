import type { Gateway, PropagationStore, Store } from '@sallyport/store';
import { allItems } from '../http/all-items.ts';

/** The stores that reach their directory through a gateway. */
export async function storesOfGateway(store: Store, gateway: Gateway): Promise<readonly PropagationStore[]> {
  const stores = await allItems((request) => store.stores.list(gateway.environmentId, request));
  return stores.filter(
    ({ type, configuration }) => type === 'LdapGateway' && gatewayIdOf(configuration) === gateway.id,
  );
}

export function gatewayIdOf(configuration: Readonly<Record<string, unknown>>): string | undefined {
  const id = configuration.GATEWAY_ID;
  return typeof id === 'string' ? id.trim().toLowerCase() : undefined;
}
