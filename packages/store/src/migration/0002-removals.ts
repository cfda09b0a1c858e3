// What runs removed without a person, by time: the guard counts it over its window, whatever the number of runs. Few rows, one
// for each transaction that removed something lately.
export const sql = `
CREATE TABLE removals (
  environment_no INTEGER NOT NULL,
  rule_no INTEGER NOT NULL REFERENCES rule_syncs (number) ON DELETE CASCADE,
  object_type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (environment_no, rule_no, object_type, at)
);
CREATE INDEX removals_rule ON removals (rule_no);
`;
