import { type EngineRule, type GroupRule, mappingsInForce } from '@sallyport/engine';
import {
  CodedError,
  type Configuration,
  type ConfigurationFault,
  concernsGroups,
  type InboundSettings,
  type Mapping,
  readInboundSettings,
  readTargetActions,
  type TargetActions,
} from '@sallyport/model';
import { onboardingRule, signOnMappings } from './onboarding-settings.ts';
import type { RuleSpec } from './rule-spec.ts';

/** A rule as the engine runs it, and how often. */
export interface RuleSettings {
  readonly rule: EngineRule;
  readonly inbound: InboundSettings;
  readonly pollIntervalMs: number;
  /** Undefined: only where deletions are not in the change stream, and then at the default. */
  readonly fullRunIntervalMs: number | undefined;
}

/** Keys of a store that say what may be done with objects there, not how they are read: changing them re-reads nothing. */
const ACTION_KEY = /^(CREATE|UPDATE|DISABLE|ENABLE|DEPROVISION|DELETE|RENAME|SYNC|REMOVE|PROVISION)_/;

/** Keys of a rule that decide which objects are in scope, by the name a person knows them under. */
const SCOPE_KEYS: Readonly<Record<string, string>> = {
  USERS_BASE_DN: 'base DN',
  USERS_RELATIVE_DN: 'user relative DN',
  USERS_LDAP_FILTER: 'LDAP filter',
  SOURCE_GROUP_DN: 'source group',
  NESTED_GROUP_SEARCH: 'nested group search',
};

/** The same for groups; they count only where groups are read at all. */
const GROUP_SCOPE_KEYS: Readonly<Record<string, string>> = {
  GROUPS_RELATIVE_DN: 'group relative DN',
  GROUPS_LDAP_FILTER: 'group LDAP filter',
  NESTED_GROUPS: 'nested groups',
  PRIMARY_GROUP_MEMBERSHIPS: 'primary group memberships',
};

/** Groups are found among names; a rule has no setting for it, because people match users and groups by different things. */
const GROUP_MATCHING_ATTRIBUTE = 'name';

function connectionText(configuration: Configuration): string {
  const keys = Object.keys(configuration).filter(
    (key) => !ACTION_KEY.test(key) && SCOPE_KEYS[key] === undefined && GROUP_SCOPE_KEYS[key] === undefined,
  );
  return JSON.stringify(keys.sort().map((key) => [key, configuration[key] ?? null]));
}

/** The rule's own configuration over its source store's: a base DN may stand in either. */
function settingsOf({ rule, source }: RuleSpec): Configuration {
  return { ...source.configuration, ...rule.configuration };
}

/** Reads without refusing: for what must go on whatever is wrong, such as a status page. */
export function readRuleSettings(
  spec: RuleSpec,
  defaults: readonly Mapping[],
  moreScope: Readonly<Record<string, string>>,
): { readonly settings: RuleSettings; readonly faults: readonly ConfigurationFault[] } {
  const configuration = settingsOf(spec);
  const inbound = readInboundSettings(configuration);
  const actions = readTargetActions(spec.target.configuration);
  const scope: Record<string, string> = {
    ...moreScope,
    'source connection': `${spec.source.id} ${spec.source.type} ${connectionText(spec.source.configuration)}`,
    'target store': spec.target.id,
  };
  for (const [key, name] of Object.entries(SCOPE_KEYS))
    scope[name] = JSON.stringify(configuration[key] ?? null);
  const { settings } = inbound;
  const groups = groupRule(spec, defaults, settings, actions.actions);
  if (groups !== undefined)
    for (const [key, name] of Object.entries(GROUP_SCOPE_KEYS))
      scope[name] = JSON.stringify(configuration[key] ?? null);
  return {
    settings: {
      rule: {
        id: spec.rule.id,
        name: spec.rule.name,
        objectType: 'user',
        mappings: [...mappingsInForce(spec.mappings, defaults, 'user'), ...signOnMappings(settings)],
        onboarding: onboardingRule(settings),
        matchingAttribute: settings.matchingAttribute,
        groups,
        actions: actions.actions,
        maxRemovals: settings.maxRemovals,
        maxRemovalsPercent: settings.maxRemovalsPercent,
        removalGraceDays: settings.removalGraceDays,
        scope,
      },
      inbound: settings,
      pollIntervalMs: settings.pollIntervalMs,
      fullRunIntervalMs: settings.fullRunIntervalMs,
    },
    faults: [...inbound.faults, ...actions.faults],
  };
}

/** Undefined where every switch about groups is off: then they are not even read. */
function groupRule(
  spec: RuleSpec,
  defaults: readonly Mapping[],
  settings: InboundSettings,
  actions: TargetActions,
): GroupRule | undefined {
  const mappings = mappingsInForce(spec.mappings, defaults, 'group');
  if (!concernsGroups(actions) || mappings.length === 0) return undefined;
  return {
    mappings,
    matchingAttribute: GROUP_MATCHING_ATTRIBUTE,
    maxMemberRemovals: settings.maxMemberRemovals,
    maxMemberRemovalsPercent: settings.maxMemberRemovalsPercent,
  };
}

/** @throws CodedError `INVALID_CONFIGURATION` with every fault of rule and stores. */
export function parseRuleSettings(
  spec: RuleSpec,
  defaults: readonly Mapping[],
  moreScope: Readonly<Record<string, string>>,
): RuleSettings {
  const { settings, faults } = readRuleSettings(spec, defaults, moreScope);
  if (faults.length > 0)
    throw new CodedError(
      'INVALID_CONFIGURATION',
      `Rule ${JSON.stringify(spec.rule.name)} cannot run: ${faults.map((fault) => fault.message).join('; ')}`,
      {
        details: faults.map((fault) => ({
          code: 'INVALID_VALUE',
          target: fault.key,
          message: fault.message,
        })),
      },
    );
  return settings;
}
