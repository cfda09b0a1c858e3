import type { Generated } from 'kysely';

/** The tables as the query builder types them; column for column what the migrations make. */
export interface Tables {
  environments: EnvironmentsTable;
  populations: PopulationsTable;
  users: UsersTable;
  user_tombstones: UserTombstonesTable;
  user_passwords: UserPasswordsTable;
  groups: GroupsTable;
  group_tombstones: GroupTombstonesTable;
  memberships: MembershipsTable;
  group_nestings: GroupNestingsTable;
  gateways: GatewaysTable;
  gateway_credentials: GatewayCredentialsTable;
  gateway_instances: GatewayInstancesTable;
  plans: PlansTable;
  propagation_stores: PropagationStoresTable;
  rules: RulesTable;
  mappings: MappingsTable;
  revisions: RevisionsTable;
  rule_syncs: RuleSyncsTable;
  full_reads: FullReadsTable;
  links: LinksTable;
  runs: RunsTable;
  journal: JournalTable;
  held_removals: HeldRemovalsTable;
  held_lists: HeldListsTable;
  removals: RemovalsTable;
  link_references: LinkReferencesTable;
  pending_members: PendingMembersTable;
  held_members: HeldMembersTable;
  leases: LeasesTable;
  applications: ApplicationsTable;
  activities: ActivitiesTable;
  secrets: SecretsTable;
  settings: SettingsTable;
}

interface EnvironmentsTable {
  number: Generated<number>;
  id: string;
  name: string;
  description: string | null;
  type: string;
  region: string;
  license_id: string | null;
  status: string;
  icon: string | null;
  bill_of_materials: string | null;
  sequence: Generated<number>;
  created_at: number;
  updated_at: number;
}

interface PopulationsTable {
  number: Generated<number>;
  environment_no: number;
  id: string;
  name: string;
  description: string | null;
  is_default: number;
  properties: string;
  created_at: number;
  updated_at: number;
}

interface UsersTable {
  number: Generated<number>;
  environment_no: number;
  id: string;
  sequence: number;
  population_no: number;
  enabled: number;
  username: string;
  username_key: string;
  email: string | null;
  email_hash: number | null;
  external_id: string | null;
  attributes: string;
  state: string | null;
  created_at: number;
  updated_at: number;
}

interface UserTombstonesTable {
  environment_no: number;
  sequence: number;
  user_id: string;
  username: string;
  deleted_at: number;
}

interface UserPasswordsTable {
  user_no: number;
  hash: string;
  must_change: number;
  changed_at: number;
  failures: Generated<number>;
  locked_until: number | null;
}

interface GroupsTable {
  number: Generated<number>;
  environment_no: number;
  id: string;
  sequence: number;
  population_no: number | null;
  name: string;
  name_key: string;
  external_id: string | null;
  source_type: string | null;
  source_id: string | null;
  attributes: string;
  created_at: number;
  updated_at: number;
}

interface GroupTombstonesTable {
  environment_no: number;
  sequence: number;
  group_id: string;
  name: string;
  deleted_at: number;
}

interface MembershipsTable {
  group_no: number;
  user_no: number;
}

interface GroupNestingsTable {
  parent_no: number;
  child_no: number;
}

interface GatewaysTable {
  environment_id: string;
  id: string;
  name: string;
  description: string | null;
  type: string;
  enabled: number;
  properties: string;
  created_at: number;
  updated_at: number;
}

interface GatewayCredentialsTable {
  environment_id: string;
  id: string;
  gateway_id: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

interface GatewayInstancesTable {
  environment_id: string;
  gateway_id: string;
  id: string;
  credential_id: string;
  connected: number;
  hostname: string;
  version: string;
  health_status: string;
  current_errors: string;
  metrics: string;
  initialized_at: number;
  last_reported_at: number;
}

interface PlansTable {
  environment_id: string;
  id: string;
  name: string;
  status: string;
  created_at: number;
  updated_at: number;
}

interface PropagationStoresTable {
  environment_id: string;
  id: string;
  name: string;
  description: string | null;
  type: string;
  configuration: string;
  managed: number;
  status: string;
  image: string | null;
  created_at: number;
  updated_at: number;
}

interface RulesTable {
  environment_id: string;
  id: string;
  plan_id: string;
  source_store_id: string;
  target_store_id: string;
  name: string;
  description: string | null;
  active: number;
  population_expression: string | null;
  group_ids: string;
  population_ids: string;
  deprovision: number;
  configuration: string;
  created_at: number;
  updated_at: number;
}

interface MappingsTable {
  environment_id: string;
  id: string;
  rule_id: string;
  name: string;
  object_type: string;
  target_attribute: string;
  source_attribute: string | null;
  expression: string | null;
  create_only: number;
  trim: number;
  character_case: string;
  parser: string;
  default_value: string | null;
  masked: number;
  created_at: number;
  updated_at: number;
}

interface RevisionsTable {
  environment_id: string;
  id: string;
  number: number;
  previous_id: string | null;
  created_by: string;
  created_at: number;
  snapshot: string;
}

interface RuleSyncsTable {
  number: Generated<number>;
  environment_no: number;
  rule_id: string;
  last_link_number: Generated<number>;
  position_strategy: string | null;
  position_value: string | null;
  applied_digest: string | null;
}

interface FullReadsTable {
  environment_no: number;
  rule_no: number;
  object_type: number;
  objects: number;
  bases_read: string;
  ended_at: number;
}

interface LinksTable {
  link_key: number;
  environment_no: number;
  rule_no: number;
  object_type: number;
  source_key: string;
  source_hash: number;
  place: string;
  target_id: string | null;
  presence: number;
  status: number;
  outcome: number;
  reason: string;
  error_code: string | null;
  fingerprint: string;
  target_version: number;
  disabled_by_rule: number;
  delete_after: number | null;
  last_sync_at: number;
  last_success_at: number | null;
  created_by_rule: number;
  reference_hash: number | null;
}

interface RunsTable {
  number: Generated<number>;
  environment_no: number;
  rule_no: number;
  id: string;
  revision_id: string | null;
  type: string;
  status: string;
  reason: string;
  started_at: number;
  ended_at: number | null;
  objects_read: number;
  objects_expected: number | null;
  counts: string;
  error_code: string | null;
  error_message: string | null;
  first_line: number | null;
  last_line: number | null;
}

interface JournalTable {
  number: Generated<number>;
  environment_no: number;
  rule_no: number;
  run_no: number;
  at: number;
  object_type: number;
  source_key: string;
  place: string;
  target_id: string | null;
  label: string;
  outcome: number;
  reason: string;
  error_code: string | null;
  changes: string;
}

interface HeldRemovalsTable {
  environment_no: number;
  rule_no: number;
  object_type: number;
  link_number: number;
  run_id: string;
  first_run_id: string;
  source_key: string;
  place: string;
  label: string;
  how: string;
  detail: string;
}

interface HeldListsTable {
  number: Generated<number>;
  rule_no: number;
  object_type: number;
  run_id: string;
}

interface RemovalsTable {
  environment_no: number;
  rule_no: number;
  object_type: number;
  at: number;
  count: number;
}

interface PendingMembersTable {
  pending_key: number;
  rule_no: number;
  group_key: number;
  reference_hash: number;
  reference: string;
}

interface HeldMembersTable {
  group_key: number;
  object_type: number;
  member_id: string;
  run_id: string;
  label: string;
  kept: number;
}

interface LinkReferencesTable {
  link_key: number;
  reference: string;
  rule_no: number;
  reference_hash: number;
}

interface LeasesTable {
  environment_id: string;
  name: string;
  holder: string;
  expires_at: number;
}

interface ApplicationsTable {
  environment_id: string;
  id: string;
  name: string;
  description: string | null;
  enabled: number;
  secret_hash: string;
  roles: string;
  created_at: number;
  updated_at: number;
}

interface ActivitiesTable {
  number: Generated<number>;
  environment_id: string;
  id: string;
  at: number;
  actor_type: string;
  actor_id: string;
  actor_name: string | null;
  action: string;
  resource_type: string;
  resource_id: string;
  resource_name: string | null;
  detail: string;
}

interface SecretsTable {
  scope: string;
  owner_id: string;
  name: string;
  sealed: Uint8Array;
  updated_at: number;
}

interface SettingsTable {
  scope: string;
  name: string;
  value: string;
  updated_at: number;
}
