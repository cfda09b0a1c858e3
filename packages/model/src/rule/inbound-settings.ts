import { type Configuration, type ConfigurationFault, ConfigurationReader } from './configuration.ts';

export const NESTED_GROUPS = ['Nested', 'Flattened'] as const;
export type NestedGroups = (typeof NESTED_GROUPS)[number];

/** What an inbound rule reads and how carefully. DNs and filters are texts here; the directory connector parses them. */
export interface InboundSettings {
  readonly usersBaseDn: string;
  readonly usersRelativeDn: string | undefined;
  readonly groupsRelativeDn: string | undefined;
  readonly usersLdapFilter: string | undefined;
  readonly groupsLdapFilter: string | undefined;
  readonly sourceGroupDn: string | undefined;
  readonly nestedGroupSearch: boolean;
  /** `Nested` keeps a group inside a group as such; `Flattened` gives each group everybody below it. */
  readonly nestedGroups: NestedGroups;
  /** Whether AD's primary group, which no `member` value names, counts as a membership. */
  readonly primaryGroupMemberships: boolean;
  readonly maxMemberRemovals: number;
  readonly maxMemberRemovalsPercent: number;
  /** Population of new users; the environment's default population where absent. */
  readonly populationId: string | undefined;
  /** Gives the name or id of a new user's population; `populationId` where it gives nothing. */
  readonly populationExpression: string | undefined;
  readonly defaultPasswordExpression: string | undefined;
  readonly authenticateViaLdap: boolean;
  /** Target attribute by which an unlinked source object finds its target object. */
  readonly matchingAttribute: string;
  readonly pollIntervalMs: number;
  /** Full runs on a schedule of their own: how deletions are noticed where no change feed tells them. */
  readonly fullRunIntervalMs: number | undefined;
  readonly maxRemovals: number;
  readonly maxRemovalsPercent: number;
  readonly removalGraceDays: number;
  /** Only this change strategy, instead of the one chosen from the root DSE and the account's rights. */
  readonly changeStrategy: string | undefined;
}

export const DEFAULT_POLL_INTERVAL_SECONDS = 30;
export const DEFAULT_MAX_REMOVALS = 500;
export const DEFAULT_MAX_REMOVALS_PERCENT = 20;

export function readInboundSettings(configuration: Configuration): {
  readonly settings: InboundSettings;
  readonly faults: readonly ConfigurationFault[];
} {
  const reader = new ConfigurationReader(configuration);
  const seconds = (key: string, minimum: number): number | undefined => {
    const value = reader.integer(key, minimum, 30 * 24 * 3600);
    return value === undefined ? undefined : value * 1000;
  };
  const settings: InboundSettings = {
    usersBaseDn: reader.requiredText('USERS_BASE_DN'),
    usersRelativeDn: reader.text('USERS_RELATIVE_DN'),
    groupsRelativeDn: reader.text('GROUPS_RELATIVE_DN'),
    usersLdapFilter: reader.text('USERS_LDAP_FILTER'),
    groupsLdapFilter: reader.text('GROUPS_LDAP_FILTER'),
    sourceGroupDn: reader.text('SOURCE_GROUP_DN'),
    nestedGroupSearch: reader.boolean('NESTED_GROUP_SEARCH') ?? false,
    nestedGroups: reader.choice('NESTED_GROUPS', NESTED_GROUPS) ?? 'Nested',
    primaryGroupMemberships: reader.boolean('PRIMARY_GROUP_MEMBERSHIPS') ?? true,
    maxMemberRemovals: reader.integer('MAX_MEMBER_REMOVALS', 0, 100_000_000) ?? DEFAULT_MAX_REMOVALS,
    maxMemberRemovalsPercent:
      reader.integer('MAX_MEMBER_REMOVALS_PERCENT', 0, 100) ?? DEFAULT_MAX_REMOVALS_PERCENT,
    populationId: reader.text('POPULATION_ID'),
    populationExpression: reader.text('POPULATION_EXPRESSION'),
    defaultPasswordExpression: reader.text('DEFAULT_PASSWORD_EXPRESSION'),
    authenticateViaLdap: reader.boolean('AUTHENTICATE_VIA_AD_LDAP') ?? false,
    matchingAttribute: reader.text('MATCHING_ATTRIBUTE') ?? 'username',
    pollIntervalMs: seconds('POLL_INTERVAL_SECONDS', 1) ?? DEFAULT_POLL_INTERVAL_SECONDS * 1000,
    fullRunIntervalMs: seconds('FULL_RUN_INTERVAL_SECONDS', 60),
    maxRemovals: reader.integer('MAX_REMOVALS', 0, 100_000_000) ?? DEFAULT_MAX_REMOVALS,
    maxRemovalsPercent: reader.integer('MAX_REMOVALS_PERCENT', 0, 100) ?? DEFAULT_MAX_REMOVALS_PERCENT,
    removalGraceDays: reader.integer('REMOVAL_GRACE_DAYS', 0, 3650) ?? 0,
    changeStrategy: reader.text('CHANGE_STRATEGY'),
  };
  if (settings.authenticateViaLdap && settings.defaultPasswordExpression !== undefined)
    reader.fault(
      'DEFAULT_PASSWORD_EXPRESSION',
      'AUTHENTICATE_VIA_AD_LDAP leaves passwords to the directory, so that nobody could ever use a default one; take one of the two out',
    );
  return { settings, faults: reader.faults };
}
