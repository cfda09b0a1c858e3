import { parseEnv } from 'node:util';
import type { OptionDefinition, OptionTable, OptionValues } from './option.ts';

export interface OptionSources {
  /** Flags, without the program's own name. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of a file, or a thrown error that says why it cannot be read. */
  readonly readFile: (path: string) => string;
}

export type OptionReading<T extends OptionTable> =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'values';
      readonly values: OptionValues<T>;
      /** Worth a warning in the log: variables with our prefix that no option has. */
      readonly unknownVariables: readonly string[];
    };

/** Every problem of the options at once. */
export class OptionProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The options cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'OptionProblems';
    this.problems = problems;
  }
}

interface Given {
  readonly text: string;
  /** `--port`, `SALLYPORT_PORT`, `SALLYPORT_PORT in sallyport.conf`. */
  readonly where: string;
}

/**
 * Reads an option file (`--config FILE` or `SALLYPORT_CONFIG`; lines `NAME=value`, as systemd and containers read them too),
 * the environment and flags; the later beats the earlier. Throws OptionProblems that lists everything wrong.
 */
export function readOptions<const T extends OptionTable>(
  table: T,
  sources: OptionSources,
  prefix = 'SALLYPORT_',
): OptionReading<T> {
  const problems: string[] = [];
  const flags = readFlags(table, sources.argv, problems);
  if (flags === 'help') return { kind: 'help' };
  const path = flags.get('config')?.text ?? sources.environment[`${prefix}CONFIG`];
  const file = path === undefined ? new Map<string, Given>() : readOptionFile(table, path, sources, problems);
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(table)) {
    const variable = sources.environment[definition.environmentVariable];
    const given =
      flags.get(definition.flag) ??
      (variable === undefined || variable === ''
        ? file.get(definition.environmentVariable)
        : { text: variable, where: definition.environmentVariable });
    values[name] = given === undefined ? definition.defaultValue : parseGiven(definition, given, problems);
  }
  if (problems.length > 0) throw new OptionProblems(problems);
  const known = new Set(Object.values(table).map((definition) => definition.environmentVariable));
  const unknownVariables = Object.keys(sources.environment).filter(
    (name) => name.startsWith(prefix) && name !== `${prefix}CONFIG` && !known.has(name),
  );
  // Every key of the table was given a value of its own type, or its default, in the loop above.
  return { kind: 'values', values: values as OptionValues<T>, unknownVariables };
}

function parseGiven(definition: OptionDefinition<unknown>, given: Given, problems: string[]): unknown {
  try {
    return definition.type.parse(given.text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(
      `${given.where}: ${definition.secret === true ? 'the value cannot be used (it is secret and not shown)' : why}`,
    );
    return undefined;
  }
}

function readFlags(
  table: OptionTable,
  argv: readonly string[],
  problems: string[],
): Map<string, Given> | 'help' {
  const byFlag = new Map(Object.values(table).map((definition) => [definition.flag, definition]));
  const found = new Map<string, Given>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--help' || word === '-h') return 'help';
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const definition = name === undefined ? undefined : byFlag.get(name);
    if (name === undefined || (definition === undefined && name !== 'config')) {
      problems.push(`${word} is not an option; --help lists them all`);
      // What follows it was meant as its value: one mistake is one problem.
      if (name !== undefined && inline === undefined && argv[at + 1]?.startsWith('--') === false) at += 1;
      continue;
    }
    const bare = definition?.type.bareFlag;
    const next = argv[at + 1];
    const takesNext =
      inline === undefined && next !== undefined && !next.startsWith('--') && bare === undefined;
    const text = inline ?? (takesNext ? next : bare);
    if (takesNext) at += 1;
    if (text === undefined)
      problems.push(`--${name} needs a value: --${name} ${definition?.type.placeholder ?? '<file>'}`);
    else found.set(name, { text, where: `--${name}` });
  }
  return found;
}

function readOptionFile(
  table: OptionTable,
  path: string,
  sources: OptionSources,
  problems: string[],
): Map<string, Given> {
  const known = new Set(Object.values(table).map((definition) => definition.environmentVariable));
  const found = new Map<string, Given>();
  let text: string;
  try {
    text = sources.readFile(path);
  } catch (error) {
    problems.push(
      `The options file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return found;
  }
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (!known.has(name)) problems.push(`${name} in ${path} is not an option; --help lists them all`);
    else if (value !== undefined && value !== '')
      found.set(name, { text: value, where: `${name} in ${path}` });
  }
  return found;
}
