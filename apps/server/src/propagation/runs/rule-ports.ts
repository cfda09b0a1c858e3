import { createHash } from 'node:crypto';
import {
  chooseDialect,
  type DefaultMapping,
  makeDirectorySource,
  makeIdentityStoreTarget,
  type RootDse,
} from '@sallyport/connectors';
import {
  CodedError,
  type GroupSource,
  type Mapping,
  type ObjectType,
  plainMapping,
  readInboundSettings,
  readUuid,
  type Uuid,
} from '@sallyport/model';
import type { Gateway, Store } from '@sallyport/store';
import type { DirectoryAccess } from '../../gateways/directory-access.ts';
import { migratingUserTypes, readLdapGateway } from '../../gateways/gateway-record.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import { allItems } from '../../http/all-items.ts';
import type { GatewayHub } from '../../hub/gateway-hub.ts';
import type { DefaultPasswords } from '../../passwords/password-hash.ts';
import type { SealedSecrets } from '../../secrets/sealed-secrets.ts';
import type { RulePorts } from '../../sync/rule-ports.ts';
import type { RuleSpec } from '../../sync/rule-spec.ts';
import { findSignOnUserType } from '../rules/sign-on-user-type.ts';
import { readAccountFlag } from '../stores/connection-check.ts';
import { codedSource } from './coded-source.ts';

export interface RulePortsDependencies {
  readonly store: Store;
  readonly secrets: SealedSecrets;
  readonly directory: DirectoryAccess;
  readonly hub: Pick<GatewayHub, 'instances'>;
  readonly defaultPasswords: DefaultPasswords;
}

/** How a rule gets its two ends: a directory behind its gateway, and the identity store of its environment. */
export function makeRulePorts({
  store,
  secrets,
  directory,
  hub,
  defaultPasswords,
}: RulePortsDependencies): RulePorts {
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
  /** Who checks the passwords of the rule's users. */
  const signOnOf = async (spec: RuleSpec): Promise<{ gatewayId: string; userTypeId: string }> => {
    const gateway = await gatewayOf(spec);
    const userType = findSignOnUserType(spec.rule.configuration, gateway);
    if (userType === undefined)
      throw new CodedError(
        'INVALID_CONFIGURATION',
        `AUTHENTICATE_VIA_AD_LDAP needs a user type of gateway ${gateway.name} without newUserLookup, and the one that was chosen is gone`,
      );
    return { gatewayId: gateway.id, userTypeId: userType.id };
  };
  return {
    defaultMappings: (spec) => defaultMappings(spec),
    scopeOf: async (spec) => {
      if (spec.source.type !== 'LdapGateway') return {};
      const gateway = await gatewayOf(spec);
      const { serversHostAndPort: _servers, userTypes: _types, ...authentication } = readLdapGateway(gateway);
      const password = await secrets.get(gateway.environmentId, gateway.id, 'bindPassword');
      // Other rights see other objects: a changed account asks for a full run. Which server answers does not matter.
      const userType = signsOnThere(spec) ? findSignOnUserType(spec.rule.configuration, gateway) : undefined;
      return {
        authentication: JSON.stringify([gateway.id, authentication, password?.reveal() ?? null]),
        ...(userType === undefined ? {} : { 'sign-on through the directory': userType.id }),
      };
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
        passwordGateway: settings.inbound.authenticateViaLdap ? await signOnOf(spec) : undefined,
        passwords: defaultPasswords,
        populations: () => allItems((request) => store.populations.list(spec.environmentId, request)),
        heldByOthers: (objectType, ids) =>
          store.links.heldByOthers(spec.environmentId, spec.rule.id, objectType, ids),
        groups:
          settings.rule.groups === undefined
            ? undefined
            : { store: store.groups, memberships: store.memberships, source: groupSource(spec) },
      }),
    makeState: (environmentId, ruleId, revisionId) => store.syncState(environmentId, ruleId, revisionId),
  };
}

/** Whether the rule's users sign on through their directory. */
function signsOnThere({ rule, source }: RuleSpec): boolean {
  return readInboundSettings({ ...source.configuration, ...rule.configuration }).settings.authenticateViaLdap;
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
  const mapping = (objectType: ObjectType, { sourceAttribute, targetAttribute }: DefaultMapping): Mapping =>
    plainMapping({
      id: defaultMappingId(
        spec.rule.id,
        objectType === 'user' ? targetAttribute : `group ${targetAttribute}`,
      ),
      objectType,
      targetAttribute,
      source: { attribute: sourceAttribute },
    });
  return [
    ...dialect.defaultMappings.map((one) => mapping('user', one)),
    ...dialect.defaultGroupMappings.map((one) => mapping('group', one)),
  ];
}

/** What makes the groups of a rule external: they are the directory's, and people change them there. */
function groupSource(spec: RuleSpec): GroupSource | undefined {
  const id = gatewayIdOf(spec.source.configuration);
  return id === undefined ? undefined : { type: 'GATEWAY', id };
}

/** The same at every start, as mappings have ids: rule and attribute in the form of a UUID (RFC 9562 §5.8). */
function defaultMappingId(ruleId: string, attribute: string): Uuid {
  const hex = createHash('sha256').update(`${ruleId} ${attribute}`).digest('hex');
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const id = readUuid(text);
  if (id === undefined) throw new TypeError('A digest always has the form of a UUID');
  return id;
}
