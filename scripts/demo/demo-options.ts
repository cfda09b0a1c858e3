import { parseArgs } from 'node:util';

const DIRECTORIES = ['in-memory', 'samba', 'openldap'] as const;

export interface DemoOptions {
  readonly people: number;
  readonly once: boolean;
  readonly directory: (typeof DIRECTORIES)[number];
  /** Undefined: 8080 if it is free, else any. */
  readonly port: number | undefined;
}

export const DEMO_HELP = `npm run demo: a directory, a server, a gateway and a rule, working together on this machine.

  -- --people N          how many people the directory has (default 1,000)
  -- --directory KIND    ${DIRECTORIES.join(', ')} (default in-memory; the others have to be installed)
  -- --port PORT         where the server listens (default 8080, or any free one)
  -- --once              ends after one round of live changes instead of going on until Ctrl-C
`;

/** Throws a TypeError that says what was expected. */
export function parseDemoOptions(argv: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      people: { type: 'string', default: '1000' },
      once: { type: 'boolean', default: false },
      directory: { type: 'string', default: 'in-memory' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const directory = DIRECTORIES.find((kind) => kind === values.directory);
  if (directory === undefined)
    throw new TypeError(`--directory: expected ${DIRECTORIES.join(', ')}, found ${values.directory}`);
  return {
    people: wholeNumber('--people', values.people, 10, 1_000_000),
    once: values.once,
    directory,
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 1, 65_535),
  };
}

function wholeNumber(flag: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new TypeError(`${flag}: expected a whole number from ${minimum} to ${maximum}, found ${text}`);
}
