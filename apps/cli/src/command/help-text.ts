import { EXIT_CODE, EXIT_CODE_MEANING } from '../exit-code.ts';
import { pad } from '../terminal/display-width.ts';
import { type Command, type FlagDefinition, flagsOf, flagText, GLOBAL_FLAGS } from './command.ts';

/** `ruleName` → `RULE_NAME`. */
export function argumentText(name: string): string {
  return flagText(name).replaceAll('-', '_').toUpperCase();
}

/** `sallyport rule run RULE [--full] [--yes]`. */
export function usageLine(command: Command): string {
  const args = Object.entries(command.args).map(([name, { optional }]) =>
    optional === true ? `[${argumentText(name)}]` : argumentText(name),
  );
  const flags = Object.entries(flagsOf(command))
    .filter(([name]) => !(name in GLOBAL_FLAGS))
    .map(([name, flag]) => `[${flagUsage(name, flag)}]${flag.type === 'list' ? '…' : ''}`);
  return ['sallyport', command.words, ...args, ...flags].join(' ');
}

/** `--security None|TLS|StartTLS`. */
export function flagUsage(name: string, flag: FlagDefinition): string {
  if (flag.type === 'switch') return `--${flagText(name)}`;
  return `--${flagText(name)} ${flag.choices?.join('|') ?? flag.placeholder ?? 'TEXT'}`;
}

/** The help of one command. */
export function commandHelp(command: Command): readonly string[] {
  const args = Object.entries(command.args).map(
    ([name, { description }]) => [argumentText(name), description] as const,
  );
  const flags = Object.entries(flagsOf(command)).map(
    ([name, flag]) =>
      [
        `${flag.short === undefined ? '' : `-${flag.short}, `}${flagUsage(name, flag)}`,
        flag.description.replaceAll('`', ''),
      ] as const,
  );
  return [
    command.summary,
    ...(command.details === undefined ? [] : ['', command.details.replaceAll('`', '')]),
    '',
    `Usage: ${usageLine(command)}`,
    ...section('Arguments', args),
    ...section('Flags', flags),
    ...(command.examples.length === 0
      ? []
      : ['', 'Examples:', ...command.examples.map((example) => `  ${example}`)]),
  ];
}

/** The help of all commands, or of those that begin with `words`. */
export function overviewHelp(commands: readonly Command[], words: readonly string[]): readonly string[] {
  const prefix = words.join(' ');
  const shown = commands.filter(
    ({ words: own }) => prefix === '' || own === prefix || own.startsWith(`${prefix} `),
  );
  const listed = shown.length === 0 ? commands : shown;
  return [
    'sallyport: works with a Sallyport server from the command line.',
    ...section(
      'Commands',
      listed.map((command) => [command.words, command.summary] as const),
    ),
    ...section(
      'Flags of every command',
      Object.entries(GLOBAL_FLAGS).map(
        ([name, flag]) => [flagUsage(name, flag), flag.description.replaceAll('`', '')] as const,
      ),
    ),
    ...section(
      'Exit codes',
      Object.entries(EXIT_CODE_MEANING).map(
        ([name, meaning]) =>
          [String(EXIT_CODE[name as keyof typeof EXIT_CODE]), meaning.replaceAll('`', '')] as const,
      ),
    ),
    '',
    '"sallyport help COMMAND" says more about one.',
  ];
}

function section(title: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  if (rows.length === 0) return [];
  const width = Math.min(
    34,
    rows.reduce((widest, [name]) => Math.max(widest, name.length), 0),
  );
  return ['', `${title}:`, ...rows.map(([name, text]) => `  ${pad(name, width)}  ${text}`)];
}
