import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';

/** Only the definition: `help WORDS…` takes any number of words and is answered before commands are parsed. */
export const help = command({
  words: 'help',
  summary: 'Lists the commands, or explains one; `help --reference` writes docs/cli.md.',
  args: { command: { optional: true, description: 'Words of a command, such as `rule run`.' } },
  flags: { reference: { type: 'switch', description: 'Everything about all commands, as Markdown.' } },
  examples: ['sallyport help rule run'],
  run: async () => EXIT_CODE.ok,
});
