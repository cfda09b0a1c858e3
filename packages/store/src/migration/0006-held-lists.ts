// Which runs listed what waits for a person, in their order: whoever decides about the list of one run decides about what it
// showed, whatever later runs added. What waits already is taken for listed by the run whose list it is.
export const sql = `
ALTER TABLE held_removals ADD COLUMN first_run_id TEXT NOT NULL DEFAULT '';
UPDATE held_removals SET first_run_id = run_id;
CREATE TABLE held_lists (
  number INTEGER PRIMARY KEY,
  rule_no INTEGER NOT NULL REFERENCES rule_syncs (number) ON DELETE CASCADE,
  object_type INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  UNIQUE (rule_no, object_type, run_id)
);
INSERT INTO held_lists (rule_no, object_type, run_id) SELECT DISTINCT rule_no, object_type, run_id FROM held_removals;
`;
