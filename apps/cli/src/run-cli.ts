import type { Command } from './command/command.ts';
import { commandHelp, overviewHelp } from './command/help-text.ts';
import { makeContext } from './command/make-context.ts';
import { parseCommand } from './command/parse-command.ts';
import { cliReference } from './command/reference.ts';
import { COMMANDS } from './command-list.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import { describeFault } from './fault/describe-fault.ts';
import { makePaint } from './terminal/paint.ts';
import { printable } from './terminal/printable.ts';
import type { World } from './world.ts';

/** One call of the program, from its words to its exit code. Nothing is thrown. */
export async function runCli(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await dispatch(argv, world);
  } catch (error) {
    return tellFault(error, argv.includes('--json'), world);
  }
}

async function dispatch(argv: readonly string[], world: World): Promise<ExitCode> {
  if (argv[0] === '--version') return dispatch(['version', ...argv.slice(1)], world);
  if (argv[0] === 'help') {
    const reference = argv.includes('--reference');
    const words = argv.slice(1).filter((word) => !word.startsWith('-'));
    world.out.write(reference ? cliReference(COMMANDS) : `${helpFor(COMMANDS, words).join('\n')}\n`);
    return EXIT_CODE.ok;
  }
  const parsed = parseCommand(COMMANDS, argv);
  if (parsed.kind === 'help') {
    world.out.write(`${helpFor(COMMANDS, parsed.words).join('\n')}\n`);
    return EXIT_CODE.ok;
  }
  const { command, args, flags } = parsed;
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === 'string' ? value : undefined;
  };
  const context = makeContext(world, {
    json: flags.json === true,
    profile: text('profile'),
    environment: text('environment'),
    help: false,
    yes: flags.yes === true,
  });
  return command.run(context, { args, flags });
}

function helpFor(commands: readonly Command[], words: readonly string[]): readonly string[] {
  const exact = commands.find((known) => known.words === words.join(' '));
  return exact === undefined ? overviewHelp(commands, words) : commandHelp(exact);
}

function tellFault(error: unknown, json: boolean, world: World): ExitCode {
  const { exitCode, ...told } = describeFault(error);
  if (json) {
    world.err.write(`${JSON.stringify({ ...told, exitCode }, undefined, 2)}\n`);
    return exitCode;
  }
  const paint = makePaint(world.err, world.environment);
  const lines = [
    `${paint('red', printable(told.message))} (${told.code})`,
    ...told.details.map((detail) => `  - ${printable(detail)}`),
    ...(told.advice === undefined ? [] : [told.advice]),
    ...(told.id === undefined ? [] : [paint('dim', `Id in the server's log: ${told.id}`)]),
  ];
  world.err.write(`${lines.join('\n')}\n`);
  return exitCode;
}
