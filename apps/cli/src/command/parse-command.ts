import { parseArgs } from 'node:util';
import { usageError } from '../fault/cli-error.ts';
import {
  type Command,
  type FlagTable,
  type FlagValue,
  flagsOf,
  flagText,
  type LooseInput,
} from './command.ts';
import { argumentText, usageLine } from './help-text.ts';

export type ParsedCommand =
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | ({ readonly kind: 'command'; readonly command: Command } & LooseInput);

/**
 * Finds the command and checks its arguments and flags. Throws CliError USAGE that lists everything wrong at once.
 */
export function parseCommand(commands: readonly Command[], argv: readonly string[]): ParsedCommand {
  const words = argv.filter((word) => !word.startsWith('-'));
  const found = commands
    .filter(({ words: own }) => own.split(' ').every((word, at) => argv[at] === word))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (found === undefined) {
    if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) return { kind: 'help', words };
    throw unknownCommand(commands, words);
  }
  return parseFlags(found, argv.slice(found.words.split(' ').length));
}

function parseFlags(command: Command, argv: readonly string[]): ParsedCommand {
  const table = flagsOf(command);
  const byText = new Map(Object.entries(table).map(([name, flag]) => [flagText(name), { name, flag }]));
  const { tokens } = parseArgs({
    args: [...argv],
    options: parseArgsOptions(table),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const faults: string[] = [];
  const flags: Record<string, FlagValue> = initialFlags(table);
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const known = byText.get(token.name);
    if (known === undefined) {
      faults.push(`${token.rawName} is not a flag of this command`);
      continue;
    }
    const { name, flag } = known;
    if (flag.type === 'switch') {
      if (token.value === undefined) flags[name] = true;
      else faults.push(`${token.rawName} takes no value`);
    } else if (token.value === undefined || token.value === '') {
      faults.push(`${token.rawName} needs a value: ${flag.placeholder ?? 'TEXT'}`);
    } else if (flag.choices !== undefined && !flag.choices.includes(token.value)) {
      faults.push(
        `${token.rawName}: expected ${flag.choices.join(', ')}, found ${JSON.stringify(token.value)}`,
      );
    } else {
      const before = flags[name];
      flags[name] =
        flag.type === 'list' ? [...(Array.isArray(before) ? before : []), token.value] : token.value;
    }
  }
  if (flags.help === true) return { kind: 'help', words: command.words.split(' ') };
  const args = takeArguments(command, positionals, faults);
  if (faults.length > 0)
    throw usageError(
      faults.length === 1 ? `${faults[0]}.` : 'The command line cannot be used.',
      `Usage: ${usageLine(command)}`,
      faults.length === 1 ? [] : faults,
    );
  return { kind: 'command', command, args, flags };
}

function takeArguments(
  command: Command,
  positionals: readonly string[],
  faults: string[],
): Readonly<Record<string, string | undefined>> {
  const args: Record<string, string | undefined> = {};
  const names = Object.entries(command.args);
  for (const [at, [name, definition]] of names.entries()) {
    const value = positionals[at];
    if ((value === undefined || value === '') && definition.optional !== true)
      faults.push(`${argumentText(name)} is missing: ${definition.description.replace(/\.$/, '')}`);
    args[name] = value === '' ? undefined : value;
  }
  for (const extra of positionals.slice(names.length))
    faults.push(`${JSON.stringify(extra)} is one argument too many`);
  return args;
}

function parseArgsOptions(table: FlagTable): Record<string, { type: 'boolean' | 'string'; short?: string }> {
  return Object.fromEntries(
    Object.entries(table).map(([name, flag]) => [
      flagText(name),
      {
        type: flag.type === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
}

function initialFlags(table: FlagTable): Record<string, FlagValue> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { type }]) => [
      name,
      type === 'switch' ? false : type === 'list' ? [] : undefined,
    ]),
  );
}

function unknownCommand(commands: readonly Command[], words: readonly string[]): Error {
  const group = commands.filter((known) => known.words.startsWith(`${words[0]} `));
  if (words.length === 0) return usageError('A command is missing.', '"sallyport help" lists them all.');
  if (group.length > 0)
    return usageError(
      words.length === 1
        ? `"${words[0]}" needs another word.`
        : `"${words.slice(0, 2).join(' ')}" is not a command.`,
      `Expected one of: ${group.map((known) => known.words).join(', ')}.`,
    );
  return usageError(`"${words[0]}" is not a command.`, '"sallyport help" lists them all.');
}
