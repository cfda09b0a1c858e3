/** What the exit code tells a script. Documented in docs/cli.md from here. */
export const EXIT_CODE = {
  ok: 0,
  failed: 1,
  usage: 2,
  held: 3,
  refused: 4,
  unreachable: 5,
  notConfirmed: 6,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

export const EXIT_CODE_MEANING: Readonly<Record<keyof typeof EXIT_CODE, string>> = {
  ok: 'Done.',
  failed: 'It failed, or the run it waited for did; the message says why.',
  usage: 'The command line or the file cannot be used; nothing was sent.',
  held: 'The run ended with removals held for a person to release or discard.',
  refused: 'Not signed in, the sign-in has ended, or the roles do not allow it.',
  unreachable: 'No answer from the server.',
  notConfirmed: 'The question was answered with no, or nobody could be asked and `--yes` was missing.',
  interrupted: 'Stopped by Ctrl-C. What the server had begun goes on.',
};
