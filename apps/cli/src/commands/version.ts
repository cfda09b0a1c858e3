import packageJson from '../../package.json' with { type: 'json' };
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';

export const version = command({
  words: 'version',
  summary: 'Shows the version of this program.',
  args: {},
  flags: {},
  examples: [],
  run: async (context) => {
    if (context.json) context.printJson({ version: packageJson.version, node: process.versions.node });
    else context.print(`sallyport ${packageJson.version} (Node ${process.versions.node})`);
    return EXIT_CODE.ok;
  },
});
