/** What the process tells whoever started it; documented in docs/configuration.md. */
export const EXIT_CODE = {
  /** Stopped as asked, everything finished. */
  done: 0,
  /** Something nobody foresaw; the log has it. */
  failed: 1,
  /** Options that cannot be used; standard error lists them. */
  badSettings: 2,
  /** The key file or the database cannot be used. */
  badStorage: 3,
  /** The address is taken or not ours. */
  cannotListen: 4,
  /** Stopped before running work had finished. */
  interrupted: 5,
} as const;
