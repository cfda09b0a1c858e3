// Passwords of users: their hashes, never the passwords themselves. A table of its own, so that no statement that reads users
// ever holds one, and so that users without a password cost nothing.
export const sql = `
CREATE TABLE user_passwords (
  user_no INTEGER PRIMARY KEY REFERENCES users (number) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  must_change INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER
);
`;
