/** How the process ends; documented in docs/gateway.md. */
export const EXIT_CODE = {
  /** Asked to stop, and everything in flight was finished. */
  done: 0,
  /** A fault of the program itself. */
  failed: 1,
  /** Options, credential file or limits file cannot be used; nothing was tried. */
  badSettings: 2,
  /** Asked to stop, and cut what was still in flight when the grace was over. */
  cut: 3,
  /** The server does not know the credential. Only at the start: later, it is asked again now and then. */
  credentialRefused: 4,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];
