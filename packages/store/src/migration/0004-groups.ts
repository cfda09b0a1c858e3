// Groups and who is in them. Like users, groups have numbers beside their ids, which stand in every row of the large tables.
//
// memberships has no rowid: its key is all there is to a row, and the index the other way holds the rest of the key by itself.
// Two trees instead of three, and a fifth less on disk (100,000 users with 400,000 memberships: 41 and 50 MB). A user or group that goes takes
// its memberships along by foreign key; the versions of the groups concerned are raised by whoever removes it.
//
// pending_key is rule_no * 2^32 + number as in links, and group_key is the group's link_key: a rule's rows lie together in the order
// in which they came, which a sweep walks, and a link that goes takes what waits for it along.
export const sql = `
CREATE TABLE groups (
  number INTEGER PRIMARY KEY,
  environment_no INTEGER NOT NULL REFERENCES environments (number) ON DELETE CASCADE,
  id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  -- NULL: a group of the whole environment.
  population_no INTEGER,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  external_id TEXT,
  -- Of external groups.
  source_type TEXT,
  source_id TEXT,
  attributes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  FOREIGN KEY (environment_no, population_no) REFERENCES populations (environment_no, number)
);
CREATE UNIQUE INDEX groups_id ON groups (environment_no, id);
CREATE UNIQUE INDEX groups_name ON groups (environment_no, name_key, ifnull(population_no, 0));
CREATE INDEX groups_external_id ON groups (environment_no, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX groups_sequence ON groups (environment_no, sequence);
CREATE INDEX groups_population ON groups (environment_no, population_no, id);

-- Deleted groups: the other half of the change feed.
CREATE TABLE group_tombstones (
  environment_no INTEGER NOT NULL REFERENCES environments (number) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  group_id TEXT NOT NULL,
  name TEXT NOT NULL,
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (environment_no, sequence)
);

-- Users that are direct members.
CREATE TABLE memberships (
  group_no INTEGER NOT NULL REFERENCES groups (number) ON DELETE CASCADE,
  user_no INTEGER NOT NULL REFERENCES users (number) ON DELETE CASCADE,
  PRIMARY KEY (group_no, user_no)
) WITHOUT ROWID;
CREATE INDEX memberships_user ON memberships (user_no, group_no);

-- Groups that are direct members of groups. Cycles are possible: directories have them.
CREATE TABLE group_nestings (
  parent_no INTEGER NOT NULL REFERENCES groups (number) ON DELETE CASCADE,
  child_no INTEGER NOT NULL REFERENCES groups (number) ON DELETE CASCADE,
  PRIMARY KEY (parent_no, child_no)
) WITHOUT ROWID;
CREATE INDEX group_nestings_child ON group_nestings (child_no, parent_no);

ALTER TABLE links ADD COLUMN created_by_rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE links ADD COLUMN reference_hash INTEGER;
CREATE INDEX links_reference ON links (rule_no, reference_hash) WHERE reference_hash IS NOT NULL;
-- Nobody's reference is known yet: the next full run compares everybody and writes it.
UPDATE links SET fingerprint = '' WHERE fingerprint <> '';

-- Other texts by which groups name the object, as no place gives them again.
CREATE TABLE link_references (
  link_key INTEGER NOT NULL REFERENCES links (link_key) ON DELETE CASCADE,
  reference TEXT NOT NULL,
  rule_no INTEGER NOT NULL,
  reference_hash INTEGER NOT NULL,
  PRIMARY KEY (link_key, reference)
) WITHOUT ROWID;
CREATE INDEX link_references_hash ON link_references (rule_no, reference_hash);

ALTER TABLE rule_syncs ADD COLUMN last_pending_number INTEGER NOT NULL DEFAULT 0;

-- Memberships that the source has and the target has not, by the text under which the group names its member.
CREATE TABLE pending_members (
  pending_key INTEGER PRIMARY KEY,
  rule_no INTEGER NOT NULL,
  group_key INTEGER NOT NULL REFERENCES links (link_key) ON DELETE CASCADE,
  reference_hash INTEGER NOT NULL,
  reference TEXT NOT NULL
);
CREATE INDEX pending_members_group ON pending_members (group_key, reference_hash);
CREATE INDEX pending_members_reference ON pending_members (rule_no, reference_hash);

-- Removals of memberships that wait for a person, and those that a person refused.
CREATE TABLE held_members (
  group_key INTEGER NOT NULL REFERENCES links (link_key) ON DELETE CASCADE,
  object_type INTEGER NOT NULL,
  member_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  label TEXT NOT NULL,
  kept INTEGER NOT NULL,
  PRIMARY KEY (group_key, object_type, member_id)
) WITHOUT ROWID;

-- What the planner should believe, as in the first migration.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('groups', 'groups_id', '100000 20000 1'),
  ('groups', 'groups_name', '100000 20000 2 1'),
  ('groups', 'groups_external_id', '100000 20000 2'),
  ('groups', 'groups_sequence', '100000 20000 1'),
  ('groups', 'groups_population', '100000 20000 10000 1'),
  ('memberships', 'memberships', '4000000 40 1'),
  ('memberships', 'memberships_user', '4000000 10 1'),
  ('group_nestings', 'group_nestings', '50000 5 1'),
  ('group_nestings', 'group_nestings_child', '50000 2 1'),
  ('links', 'links_reference', '1000000 50000 1'),
  ('link_references', 'link_references', '200000 2 1'),
  ('link_references', 'link_references_hash', '200000 20000 1'),
  ('pending_members', 'pending_members_group', '400000 20 1'),
  ('pending_members', 'pending_members_reference', '400000 50000 4'),
  ('held_members', 'held_members', '10000 20 10 1');
ANALYZE sqlite_schema;
`;
