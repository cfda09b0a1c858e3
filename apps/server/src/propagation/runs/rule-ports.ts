import { createHash } from 'node:crypto';
import {
  chooseDialect,
  makeDirectorySource,
  makeIdentityStoreTarget,
  type RootDse,
} from '@sallyport/connectors';
import { CodedError, type Mapping, readUuid, type Uuid } from '@sallyport/model';
import type { Gateway, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { migratingUserTypes, readLdapGateway } from '../../gateways/gateway-record.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import type { GatewayHub } from '../../hub/gateway-hub.ts';
import type { SealedSecrets } from '../../secrets/sealed-secrets.ts';
import type { RulePorts } from '../../sync/rule-ports.ts';
import type { RuleSpec } from '../../sync/rule-spec.ts';
import { readAccountFlag } from '../stores/connection-check.ts';
import { codedSource } from './coded-source.ts';

export interface RulePortsDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly directory: DirectoryAccess;
  readonly hub: Pick<GatewayHub, 'instances'>;
}

/** How a rule gets its two ends: a directory behind its gateway, and the identity store of its environment. */
export function makeRulePorts({ store, secrets, directory, hub }: RulePortsDependencies): RulePorts {
  const gatewayOf = async (spec: RuleSpec): Promise<Gateway> => {
    const id = readUuid(gatewayIdOf(spec.source.configuration) ?? '');
    const gateway = id === undefined ? undefined : await store.gateways.get(spec.environmentId, id);
    if (gateway === undefined)
      throw new CodedError(
        'INVALID_CONFIGURATION',
        `The gateway of store ${spec.source.name} does not exist any more; name another one`,
      );
    return gateway;
  };
  return {
    defaultMappings: (spec) => defaultMappings(spec),
    scopeOf: async (spec) => {
      if (spec.source.type !== 'LdapGateway') return {};
      const gateway = await gatewayOf(spec);
      const { serversHostAndPort: _servers, userTypes: _types, ...authentication } = readLdapGateway(gateway);
      const password = await secrets.get(gateway.environmentId, gateway.id, 'bindPassword');
      // Other rights see other objects: a changed account asks for a full run. Which server answers does not matter.
      return { authentication: JSON.stringify([gateway.id, authentication, password?.reveal() ?? null]) };
    },
    sourceIsReachable: (spec) => {
      const gatewayId = gatewayIdOf(spec.source.configuration);
      return gatewayId !== undefined && hub.instances(gatewayId).some((instance) => instance.connected);
    },
    makeSource: async (spec, settings) => {
      if (spec.source.type !== 'LdapGateway')
        throw new CodedError(
          'INVALID_CONFIGURATION',
          `A rule cannot read from a store of type ${spec.source.type} yet`,
        );
      const gateway = await gatewayOf(spec);
      if (!gateway.enabled)
        throw new CodedError('GATEWAY_DISABLED', `The gateway ${gateway.name} is disabled; enable it first`);
      const migrating = migratingUserTypes(gateway);
      if (migrating.length > 0)
        throw new CodedError(
          'GATEWAY_MIGRATES_USERS',
          `User type ${migrating.join(', ')} of gateway ${gateway.name} makes users at their first sign-on: that and provisioning exclude each other`,
        );
      const reader = makeDirectorySource({
        link: directory.link(gateway.id, { stay: true }),
        settings: settings.inbound,
        vendor: readLdapGateway(gateway).vendor,
        accountFlag: readAccountFlag(spec.source.configuration),
        schema: (signal) => directory.schema(gateway.id, signal),
      });
      // The link belongs to the hub: there is nothing to let go of.
      return { reader: codedSource(reader), close: async () => undefined };
    },
    makeTarget: async (spec, settings) =>
      makeIdentityStoreTarget<Uuid>({
        users: store.users,
        environmentId: spec.environmentId,
        populationId: settings.inbound.populationId,
      }),
    makeState: (environmentId, ruleId, revisionId) => store.syncState(environmentId, ruleId, revisionId),
  };
}

/** A server that says nothing of itself: the vendor of the store decides. */
export const SILENT: RootDse = {
  namingContexts: [],
  defaultNamingContext: undefined,
  supportedControls: new Set(),
  supportedExtensions: new Set(),
  supportedCapabilities: new Set(),
  vendorName: undefined,
  vendorVersion: undefined,
  isOpenLdap: false,
  subschemaSubentry: undefined,
  dnsHostName: undefined,
  dsServiceName: undefined,
  highestCommittedUsn: undefined,
  currentTime: undefined,
};

/** The mappings a directory brings along, by the vendor its store names. */
function defaultMappings(spec: RuleSpec): readonly Mapping[] {
  const vendor = spec.source.configuration.LDAP_TYPE;
  const dialect = chooseDialect(SILENT, typeof vendor === 'string' ? vendor : undefined);
  return dialect.defaultMappings.map(({ sourceAttribute, targetAttribute }) => ({
    id: defaultMappingId(spec.rule.id, targetAttribute),
    name: targetAttribute,
    objectType: 'user',
    targetAttribute,
    source: { attribute: sourceAttribute },
    createOnly: false,
    trim: false,
    characterCase: 'NONE',
    parser: 'NONE',
    defaultValue: undefined,
    masked: false,
  }));
}

/** The same at every start, as mappings have ids: rule and attribute in the form of a UUID (RFC 9562 §5.8). */
function defaultMappingId(ruleId: string, attribute: string): Uuid {
  const hex = createHash('sha256').update(`${ruleId} ${attribute}`).digest('hex');
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const id = readUuid(text);
  if (id === undefined) throw new TypeError('A digest always has the form of a UUID');
  return id;
}
