// Numbers instead of UUIDs in the large tables: an environment, rule, population and run has a number beside its id, made
// once and never used again, and users, links and journal carry it in every key. Measured with 100,000 users through users +
// links + journal, the same work otherwise: keys of text UUIDs 8,700 users/s and 251 MB, numbers 15,500 users/s and 174 MB;
// reading 1,000 links by key 4.5 ms and 2.7 ms. WITHOUT ROWID cost a quarter of the load and made IN lists scan (35 ms).
//
// Hashes instead of texts in two indexes whose entries come in no order (e-mail, source key; see schema/text-hash.ts): a load
// writes each page of such an index once per transaction. 43 and 37 µs of CPU for each user. A unique index has to hold the
// text, so that the uniqueness of a link is asked for by its writer, who has the only connection that writes.
//
// Small tables keep ids. Times are epoch milliseconds, booleans 0 and 1, JSON is text.
export const sql = `
CREATE TABLE environments (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  description TEXT,
  type TEXT NOT NULL,
  region TEXT NOT NULL,
  license_id TEXT,
  status TEXT NOT NULL,
  icon TEXT,
  bill_of_materials TEXT,
  sequence INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE populations (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_no INTEGER NOT NULL REFERENCES environments (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  is_default INTEGER NOT NULL,
  properties TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (environment_no, number),
  UNIQUE (environment_no, id),
  UNIQUE (environment_no, name)
);
CREATE UNIQUE INDEX populations_default ON populations (environment_no) WHERE is_default = 1;

-- username, email and external_id are columns because people search by them; the rest of the profile is attributes.
CREATE TABLE users (
  number INTEGER PRIMARY KEY,
  environment_no INTEGER NOT NULL,
  id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  population_no INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL,
  email TEXT,
  email_hash INTEGER,
  external_id TEXT,
  attributes TEXT NOT NULL,
  state TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  FOREIGN KEY (environment_no, population_no) REFERENCES populations (environment_no, number)
);
CREATE UNIQUE INDEX users_id ON users (environment_no, id);
CREATE UNIQUE INDEX users_username ON users (environment_no, username_key);
CREATE INDEX users_email ON users (environment_no, email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX users_external_id ON users (environment_no, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_sequence ON users (environment_no, sequence);
-- The id makes a page of a population a walk along the index instead of a sort of the population.
CREATE INDEX users_population ON users (environment_no, population_no, id);

-- Deleted users: the other half of the change feed.
CREATE TABLE user_tombstones (
  environment_no INTEGER NOT NULL REFERENCES environments (number) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  username TEXT NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (environment_no, sequence)
);

CREATE TABLE gateways (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  type TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  properties TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name)
);

CREATE TABLE gateway_credentials (
  environment_id TEXT NOT NULL,
  id TEXT NOT NULL,
  gateway_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER,
  PRIMARY KEY (environment_id, id),
  FOREIGN KEY (environment_id, gateway_id) REFERENCES gateways (environment_id, id) ON DELETE CASCADE
);
CREATE INDEX gateway_credentials_gateway ON gateway_credentials (environment_id, gateway_id);

CREATE TABLE gateway_instances (
  environment_id TEXT NOT NULL,
  gateway_id TEXT NOT NULL,
  id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  connected INTEGER NOT NULL,
  hostname TEXT NOT NULL,
  version TEXT NOT NULL,
  health_status TEXT NOT NULL,
  current_errors TEXT NOT NULL,
  metrics TEXT NOT NULL,
  initialized_at INTEGER NOT NULL,
  last_reported_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, gateway_id, id),
  FOREIGN KEY (environment_id, gateway_id) REFERENCES gateways (environment_id, id) ON DELETE CASCADE
);

CREATE TABLE plans (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name)
);

CREATE TABLE propagation_stores (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  type TEXT NOT NULL,
  configuration TEXT NOT NULL,
  managed INTEGER NOT NULL,
  status TEXT NOT NULL,
  image TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id)
);

-- The plan and the stores are checked when they are removed, and not by foreign keys: those would stop an environment with
-- all that is in it from being removed in whatever order the cascade takes.
CREATE TABLE rules (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  source_store_id TEXT NOT NULL,
  target_store_id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  active INTEGER NOT NULL,
  population_expression TEXT,
  group_ids TEXT NOT NULL,
  population_ids TEXT NOT NULL,
  deprovision INTEGER NOT NULL,
  configuration TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id)
);
CREATE INDEX rules_plan ON rules (environment_id, plan_id);
CREATE INDEX rules_source ON rules (environment_id, source_store_id);
CREATE INDEX rules_target ON rules (environment_id, target_store_id);

CREATE TABLE mappings (
  environment_id TEXT NOT NULL,
  id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  name TEXT NOT NULL,
  object_type TEXT NOT NULL,
  target_attribute TEXT NOT NULL,
  source_attribute TEXT,
  expression TEXT,
  create_only INTEGER NOT NULL,
  trim INTEGER NOT NULL,
  character_case TEXT NOT NULL,
  parser TEXT NOT NULL,
  default_value TEXT,
  masked INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id),
  FOREIGN KEY (environment_id, rule_id) REFERENCES rules (environment_id, id) ON DELETE CASCADE,
  CHECK ((source_attribute IS NULL) <> (expression IS NULL))
);
CREATE UNIQUE INDEX mappings_target ON mappings (environment_id, rule_id, object_type, target_attribute);

CREATE TABLE revisions (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  previous_id TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, number)
);

-- What is kept of a rule's sync beside its links. It outlives the rule, until its objects have been dealt with.
CREATE TABLE rule_syncs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_no INTEGER NOT NULL REFERENCES environments (number) ON DELETE CASCADE,
  rule_id TEXT NOT NULL,
  last_link_number INTEGER NOT NULL DEFAULT 0,
  position_strategy TEXT,
  position_value TEXT,
  applied_digest TEXT,
  UNIQUE (environment_no, rule_id)
);

CREATE TABLE full_reads (
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL REFERENCES rule_syncs (number) ON DELETE CASCADE,
  object_type INTEGER NOT NULL,
  objects INTEGER NOT NULL,
  bases_read TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (environment_no, rule_no, object_type)
);
CREATE INDEX full_reads_rule ON full_reads (rule_no);

-- link_key is rule_no * 2^32 + number: the table itself lies in the order of each rule's numbers, which a sweep reads, and
-- an index over (rule_no, number) is saved. Codes of type, presence, status and outcome: see schema/codes.ts.
CREATE TABLE links (
  link_key INTEGER PRIMARY KEY,
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL,
  object_type INTEGER NOT NULL,
  source_key TEXT NOT NULL,
  source_hash INTEGER NOT NULL,
  place TEXT NOT NULL,
  target_id TEXT,
  presence INTEGER NOT NULL,
  status INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  reason TEXT NOT NULL,
  error_code TEXT,
  fingerprint TEXT NOT NULL,
  target_version INTEGER NOT NULL,
  disabled_by_rule INTEGER NOT NULL,
  delete_after INTEGER,
  last_sync_at INTEGER NOT NULL,
  last_success_at INTEGER
);
CREATE INDEX links_source ON links (environment_no, rule_no, object_type, source_hash);
-- Numbers in order without the rows: what a full run asks for to find whom it has not seen, and what counts all links.
CREATE INDEX links_number ON links (environment_no, rule_no, object_type);
CREATE INDEX links_target ON links (environment_no, target_id) WHERE target_id IS NOT NULL;
-- Most links are in scope and SUCCESS (0 and 0); what is not is few, and is what people ask for.
CREATE INDEX links_exceptions ON links (environment_no, rule_no, object_type, status) WHERE status <> 0 OR presence <> 0;
CREATE INDEX links_due ON links (environment_no, rule_no, object_type, delete_after) WHERE delete_after IS NOT NULL;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL REFERENCES rule_syncs (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  revision_id TEXT,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  objects_read INTEGER NOT NULL,
  objects_expected INTEGER,
  counts TEXT NOT NULL,
  error_code TEXT,
  error_message TEXT,
  -- Which part of the journal is its: the first and last line it wrote.
  first_line INTEGER,
  last_line INTEGER,
  UNIQUE (environment_no, id)
);
CREATE INDEX runs_environment ON runs (environment_no);
CREATE INDEX runs_rule ON runs (rule_no);
CREATE INDEX runs_open ON runs (status) WHERE status = 'running';

-- Only ever appended to. Its number rises with time, so that an order by number is the order of events.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  at INTEGER NOT NULL,
  object_type INTEGER NOT NULL,
  source_key TEXT NOT NULL,
  place TEXT NOT NULL,
  target_id TEXT,
  label TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  reason TEXT NOT NULL,
  error_code TEXT,
  changes TEXT NOT NULL
);
CREATE INDEX journal_rule ON journal (environment_no, rule_no);
CREATE INDEX journal_target ON journal (environment_no, target_id) WHERE target_id IS NOT NULL;

CREATE TABLE held_removals (
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL REFERENCES rule_syncs (number) ON DELETE CASCADE,
  object_type INTEGER NOT NULL,
  link_number INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  source_key TEXT NOT NULL,
  place TEXT NOT NULL,
  label TEXT NOT NULL,
  how TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (environment_no, rule_no, object_type, link_number)
);
CREATE INDEX held_removals_rule ON held_removals (rule_no);

CREATE TABLE leases (
  environment_id TEXT NOT NULL,
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, name)
);

CREATE TABLE applications (
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  enabled INTEGER NOT NULL,
  secret_hash TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name)
);

CREATE TABLE activities (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  environment_id TEXT NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT,
  action TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  resource_name TEXT,
  detail TEXT NOT NULL
);
CREATE INDEX activities_environment ON activities (environment_id);
CREATE INDEX activities_resource ON activities (environment_id, resource_id);

-- scope is an environment's id, or 'system'. Sealed by the caller; nothing here opens it.
CREATE TABLE secrets (
  scope TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (scope, owner_id, name)
);

CREATE TABLE settings (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (scope, name)
);

-- What the planner should believe: a large environment, few users to an address, few links to a target. Without numbers it takes
-- an index for its order over one for its keys, and walks through everybody to find one address; with numbers taken from
-- whatever lies there when ANALYZE runs, plans would change over night. The first is the rows in all, the others the rows to
-- one value of the first column, of the first two, and so on.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('users', 'users_id', '1000000 200000 1'),
  ('users', 'users_username', '1000000 200000 1'),
  ('users', 'users_email', '1000000 200000 2'),
  ('users', 'users_external_id', '1000000 200000 2'),
  ('users', 'users_sequence', '1000000 200000 1'),
  ('users', 'users_population', '1000000 200000 20000 1'),
  ('links', 'links_source', '1000000 200000 50000 40000 1'),
  ('links', 'links_number', '1000000 200000 50000 40000'),
  ('links', 'links_target', '1000000 200000 2'),
  ('links', 'links_exceptions', '10000 2000 500 400 100'),
  ('links', 'links_due', '1000 200 50 40 1'),
  ('journal', 'journal_rule', '10000000 2000000 500000'),
  ('journal', 'journal_target', '10000000 2000000 20'),
  ('runs', 'runs_environment', '10000 2000'),
  ('runs', 'runs_rule', '10000 500');
ANALYZE sqlite_schema;
`;
