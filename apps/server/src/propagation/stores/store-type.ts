import { GATEWAY_VENDORS } from '@sallyport/contract';

/** One setting of a store type, as its metadata shows it. */
export interface StoreSetting {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly required: boolean;
  /** Sealed, and never answered. */
  readonly sensitive: boolean;
}

export interface StoreType {
  readonly key: string;
  readonly displayName: string;
  readonly settings: readonly StoreSetting[];
  readonly capabilities: readonly string[];
}

function setting(
  key: string,
  label: string,
  description: string,
  flags: { required?: true; sensitive?: true } = {},
): StoreSetting {
  return { key, label, description, required: flags.required ?? false, sensitive: flags.sensitive ?? false };
}

const ACTIONS: readonly StoreSetting[] = [
  setting('CREATE_USERS', 'Create users', 'Make users at this store. Default true.'),
  setting('UPDATE_USERS', 'Update users', 'Change users at this store. Default true.'),
  setting('DISABLE_USERS', 'Disable users', 'Follow the disabled state of the source. Default true.'),
  setting(
    'DEPROVISION_USERS',
    'Deprovision users',
    'Act when a user goes away or leaves the scope. Default true.',
  ),
  setting('REMOVE_ACTION', 'Remove action', 'What deprovisioning does: Disable (default) or Delete.'),
  setting(
    'PROVISION_DISABLED_USERS_PROV_OPT',
    'Provision disabled users',
    'Also make users that are disabled at the source. Default false.',
  ),
  setting('CREATE_GROUPS', 'Create groups', 'Make groups at this store. Default true.'),
  setting('RENAME_GROUPS', 'Rename groups', 'Follow new names of groups. Default true.'),
  setting('DELETE_GROUPS', 'Delete groups', 'Follow deletions of groups. Default true.'),
  setting(
    'DELETE_GROUPS_ON_RULE_DELETION',
    'Delete groups with the rule',
    'Delete the groups a rule made when it is deleted. Default false.',
  ),
  setting('SYNC_MEMBERSHIPS', 'Sync memberships', 'Keep memberships in step. Default true.'),
];

// The order of the first nine keys is the one clients know from the metadata of this type.
const LDAP_GATEWAY: StoreType = {
  key: 'LdapGateway',
  displayName: 'LDAP gateway',
  capabilities: ['INBOUND', 'OUTBOUND', 'USERS', 'GROUPS'],
  settings: [
    setting('GATEWAY_BASE_URL', 'Gateway base URL', 'Kept for clients that send it; filled by the service.'),
    setting('ENVIRONMENT_ID', 'Environment', 'The environment of the gateway: this one.'),
    setting('GATEWAY_ID', 'Gateway', 'The gateway through which the directory is reached.', {
      required: true,
    }),
    setting('OAUTH_URL', 'Token URL', 'Kept for clients that send it; filled by the service.'),
    setting('CLIENT_ID', 'Client id', 'Kept for clients that send it; filled by the service.'),
    setting('CLIENT_SECRET', 'Client secret', 'Kept for clients that send it; filled by the service.', {
      sensitive: true,
    }),
    setting('LDAP_TYPE', 'Directory type', `The vendor of the directory: ${GATEWAY_VENDORS.join(', ')}.`, {
      required: true,
    }),
    setting('BASE_DN', 'Base DN', 'Where users are made, outbound.'),
    setting('RDN_ATTRIBUTE', 'RDN attribute', 'What users are named by, outbound.'),
    setting(
      'ACCOUNT_STATUS_ATTRIBUTE',
      'Account status attribute',
      'The attribute that says that an account is disabled, where the directory has no flag of its own.',
    ),
    setting(
      'ACCOUNT_STATUS_DISABLED_VALUE',
      'Disabled value',
      'The value of that attribute that means disabled.',
    ),
    ...ACTIONS,
  ],
};

const PING_ONE: StoreType = {
  key: 'PingOne',
  displayName: 'Identity store (as target)',
  capabilities: ['INBOUND', 'USERS', 'GROUPS'],
  settings: [
    setting('ENVIRONMENT_ID', 'Environment', 'The environment whose users are written: this one.'),
    setting('REGION', 'Region', 'Kept for clients that send it.'),
    ...ACTIONS,
    setting('DEFAULT_AUTH_METHOD', 'Default authentication method', 'Kept for clients that send it.'),
    setting('MFA_USER_DEVICE_MANAGEMENT', 'Device management', 'Kept for clients that send it.'),
    setting('CLIENT_ID', 'Client id', 'Kept for clients that send it.'),
    setting('CLIENT_SECRET', 'Client secret', 'Kept for clients that send it.', { sensitive: true }),
  ],
};

const DIRECTORY: StoreType = {
  key: 'directory',
  displayName: 'Identity store (as source)',
  capabilities: ['OUTBOUND', 'USERS', 'GROUPS'],
  settings: [],
};

/** The types a rule can join. */
export const STORE_TYPES: readonly StoreType[] = [LDAP_GATEWAY, PING_ONE, DIRECTORY];

/** Types PingOne has and we know by name alone: their metadata is answered, rules cannot use them. */
export const OTHER_STORE_TYPES = [
  'Aquera',
  'AzureActiveDirectorySAML2',
  'GitHubEMU',
  'GoogleApps',
  'Salesforce',
  'SalesforceContacts',
  'scim',
  'ServiceNow',
  'Slack',
  'Workday',
  'Zoom',
] as const;

/** Type names are case-sensitive, as in PingOne. */
export function readStoreType(key: string): StoreType | undefined {
  return STORE_TYPES.find((type) => type.key === key);
}

/** Keys of any type whose values are secrets. */
export const SENSITIVE_SETTINGS: ReadonlySet<string> = new Set([
  'CLIENT_SECRET',
  'OAUTH_CLIENT_SECRET',
  'OAUTH_ACCESS_TOKEN',
  'BASIC_AUTH_PASSWORD',
]);
