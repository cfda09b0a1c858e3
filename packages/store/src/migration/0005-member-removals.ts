// What runs took out of groups without a person, by group and minute: the guard of a group counts it over its window, whatever
// the number of runs. Few rows: one a minute for each group that loses members, and a day of them at most.
export const sql = `
CREATE TABLE member_removals (
  group_key INTEGER NOT NULL REFERENCES links (link_key) ON DELETE CASCADE,
  minute INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (group_key, minute)
) WITHOUT ROWID;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('member_removals', 'member_removals', '10000 10 1');
ANALYZE sqlite_schema;
`;
