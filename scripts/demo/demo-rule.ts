import type { ApiClient } from '@sallyport/contract';
import { type InboundRule, type MappingSetUp, makeInboundRule } from '@sallyport/testkit';
import type { DemoDirectory } from './demo-directory.ts';

export const RULE_NAME = 'Employees in';

type RuleConfiguration = Record<string, string | number | boolean>;

export interface DemoRule extends InboundRule {
  readonly configuration: RuleConfiguration;
  /** What the preview narrows the rule to. */
  readonly narrowerFilter: string;
}

/** Population, connections, mappings and rule, through the public API. */
export async function makeDemoRule(
  api: ApiClient,
  environmentId: string,
  gatewayId: string,
  directory: DemoDirectory,
): Promise<DemoRule> {
  const isAd = directory.kind === 'activeDirectory';
  const population = await api.populations.create({ environmentId, body: { name: 'Employees' } });
  const configuration: RuleConfiguration = {
    USERS_BASE_DN: directory.server.baseDn,
    USERS_RELATIVE_DN: `${isAd ? 'OU' : 'ou'}=People`,
    GROUPS_RELATIVE_DN: `${isAd ? 'OU' : 'ou'}=Groups`,
    POPULATION_ID: population.id,
    POLL_INTERVAL_SECONDS: 1,
  };
  const rule = await makeInboundRule(api, environmentId, {
    name: RULE_NAME,
    gatewayId,
    ldapType: directory.address.vendor,
    configuration,
    // Plain LDAP has no flag for a disabled account; here it is this value of this attribute.
    sourceConfiguration: isAd
      ? {}
      : { ACCOUNT_STATUS_ATTRIBUTE: 'employeeType', ACCOUNT_STATUS_DISABLED_VALUE: 'inactive' },
    actions: {
      CREATE_USERS: true,
      UPDATE_USERS: true,
      DISABLE_USERS: true,
      DEPROVISION_USERS: true,
      REMOVE_ACTION: 'Delete',
      CREATE_GROUPS: true,
      RENAME_GROUPS: true,
      DELETE_GROUPS: true,
      SYNC_MEMBERSHIPS: true,
    },
    mappings: isAd ? [...AD_MAPPINGS, ...COMMON_MAPPINGS] : [...LDAP_MAPPINGS, ...COMMON_MAPPINGS],
  });
  const department = isAd ? 'department' : 'departmentNumber';
  return { ...rule, configuration, narrowerFilter: `(!(${department}=Sales))` };
}

const COMMON_MAPPINGS: readonly MappingSetUp[] = [
  { sourceAttribute: 'givenName', targetAttribute: 'name.given' },
  { sourceAttribute: 'sn', targetAttribute: 'name.family' },
  { expression: "givenName + ' ' + sn", targetAttribute: 'name.formatted' },
  { expression: '#string.lowerCase(mail)', targetAttribute: 'email' },
  { sourceAttribute: 'title', targetAttribute: 'title' },
  { sourceAttribute: 'telephoneNumber', targetAttribute: 'primaryPhone' },
  { sourceAttribute: 'l', targetAttribute: 'address.locality' },
  { sourceAttribute: 'postalCode', targetAttribute: 'address.postalCode' },
  { sourceAttribute: 'Active', targetAttribute: 'enabled' },
];

const AD_MAPPINGS: readonly MappingSetUp[] = [
  { sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
  { sourceAttribute: 'employeeID', targetAttribute: 'externalId' },
  { sourceAttribute: 'c', targetAttribute: 'address.countryCode' },
  { sourceAttribute: 'streetAddress', targetAttribute: 'address.streetAddress' },
];

const LDAP_MAPPINGS: readonly MappingSetUp[] = [
  { sourceAttribute: 'uid', targetAttribute: 'username' },
  { sourceAttribute: 'employeeNumber', targetAttribute: 'externalId' },
  { sourceAttribute: 'street', targetAttribute: 'address.streetAddress' },
];
