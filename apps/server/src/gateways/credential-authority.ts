import type { GatewayLdapConfiguration } from '@sallyport/contract';
import { CodedError, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import type { GatewayIdentity } from '../hub/gateway-instance.ts';
import type { SealedSecrets } from '../secrets/sealed-secrets.ts';
import type { TokenIssuer } from '../tokens/token-issuer.ts';
import { ldapConfiguration } from './gateway-record.ts';

/** What the hub asks of us: who presents a credential, and what to tell them. */
export interface CredentialAuthority {
  authenticate(credential: string): Promise<GatewayIdentity | undefined>;
  configurationFor(gatewayId: string): Promise<GatewayLdapConfiguration>;
}

export interface CredentialAuthorityDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
}

export function makeCredentialAuthority(dependencies: CredentialAuthorityDependencies): CredentialAuthority {
  const { store, secrets, tokens, clock } = dependencies;
  // The hub asks by gateway alone; only gateways that authenticated here are asked for.
  const environments = new Map<string, { readonly environmentId: Uuid; readonly gatewayId: Uuid }>();
  return {
    authenticate: async (credential) => {
      const claims = await tokens.readGatewayCredential(credential);
      if (claims === undefined) return undefined;
      const { environmentId, gatewayId, credentialId } = claims;
      const [record, gateway] = await Promise.all([
        store.credentials.get(environmentId, credentialId),
        store.gateways.get(environmentId, gatewayId),
      ]);
      const isValid =
        record !== undefined && record.revokedAt === undefined && record.gatewayId === gatewayId;
      if (!isValid || gateway === undefined || !gateway.enabled) return undefined;
      environments.set(gatewayId, { environmentId, gatewayId });
      await store.credentials.markUsed(environmentId, credentialId, clock.now());
      return { environmentId, gatewayId, credentialId };
    },
    configurationFor: async (id) => {
      const key = environments.get(id);
      const gateway =
        key === undefined ? undefined : await store.gateways.get(key.environmentId, key.gatewayId);
      if (gateway === undefined) throw new CodedError('NOT_FOUND', `There is no gateway ${id}`);
      const password = await secrets.get(gateway.environmentId, gateway.id, 'bindPassword');
      if (password === undefined)
        throw new CodedError(
          'SECRET_UNREADABLE',
          `The bind password of gateway ${gateway.name} is missing; enter it again`,
        );
      return ldapConfiguration(gateway, password);
    },
  };
}
