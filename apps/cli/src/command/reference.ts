import { EXIT_CODE, EXIT_CODE_MEANING } from '../exit-code.ts';
import { ENVIRONMENT_VARIABLES } from '../session/environment-variables.ts';
import { type Command, type FlagTable, flagsOf, GLOBAL_FLAGS } from './command.ts';
import { argumentText, flagUsage, usageLine } from './help-text.ts';

/** docs/cli.md: made from the definitions of the commands, and held to them by a test. */
export function cliReference(commands: readonly Command[]): string {
  return [
    '# The command line',
    '',
    '`sallyport` works with a server from a terminal or a script. In the repository it is `npm run sallyport -- COMMAND`;',
    '`npm run build` makes `dist/sallyport.mjs`, one file that runs on Node 24.',
    '',
    '- Tables for people, `--json` for programs: the bodies of the API without `_links`, a list as an array.',
    '- Rules, gateways and stores are named by id or by name; upper and lower case are the same where that leaves one.',
    '- What changes something asks first; `--yes` answers. Questions, progress and errors go to standard error.',
    '- Colour only on a terminal, and not with `NO_COLOR`.',
    '- An error is one sentence, its code and what to do; with `--json` an object with `message`, `code`, `details`, `advice`, `id`.',
    '',
    '## Sign-in',
    '',
    '`sallyport login` gets a token and keeps it, readable by you alone, in `$XDG_CONFIG_HOME/sallyport/PROFILE.json`',
    '(`~/.config/…` where that is not set). A token ends after an hour; with `--keep-secret` the client secret is kept too and',
    'tokens are renewed. Scripts need no `login`: with the four variables set, every command signs in by itself.',
    '',
    ...rows(
      ['variable', 'meaning'],
      Object.entries(ENVIRONMENT_VARIABLES).map(([name, meaning]) => [`\`${name}\``, meaning]),
    ),
    '',
    '## Exit codes',
    '',
    ...rows(
      ['code', 'meaning'],
      Object.entries(EXIT_CODE_MEANING).map(([name, meaning]) => [
        String(EXIT_CODE[name as keyof typeof EXIT_CODE]),
        meaning,
      ]),
    ),
    '',
    '## Flags of every command',
    '',
    ...flagRows(GLOBAL_FLAGS),
    '',
    '## Commands',
    '',
    ...rows(
      ['command', 'what it does'],
      commands.map(({ words, summary }) => [`[\`${words}\`](#${words.replaceAll(' ', '-')})`, summary]),
    ),
    ...commands.flatMap(commandSection),
    '',
  ].join('\n');
}

function commandSection(command: Command): readonly string[] {
  const own: FlagTable = Object.fromEntries(
    Object.entries(flagsOf(command)).filter(([name]) => !(name in GLOBAL_FLAGS)),
  );
  const args = Object.entries(command.args);
  return [
    '',
    `### ${command.words}`,
    '',
    command.summary,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    '```',
    usageLine(command),
    '```',
    ...(args.length === 0
      ? []
      : [
          '',
          ...rows(
            ['argument', 'meaning'],
            args.map(([name, { description }]) => [`\`${argumentText(name)}\``, description]),
          ),
        ]),
    ...(Object.keys(own).length === 0 ? [] : ['', ...flagRows(own)]),
    ...(command.examples.length === 0 ? [] : ['', '```', ...command.examples, '```']),
  ];
}

function flagRows(flags: FlagTable): readonly string[] {
  return rows(
    ['flag', 'meaning'],
    Object.entries(flags).map(([name, flag]) => [
      `${flag.short === undefined ? '' : `\`-${flag.short}\`, `}\`${flagUsage(name, flag)}\``,
      flag.description,
    ]),
  );
}

function rows(titles: readonly string[], lines: readonly (readonly string[])[]): readonly string[] {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(titles), `|${titles.map(() => '---').join('|')}|`, ...lines.map(row)];
}
