import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { readRecords, setupOf } from '../setup/current-setup.ts';
import { writeSetup } from '../setup/write-setup.ts';

export const exportSetup = command({
  words: 'export',
  summary: 'Writes gateways, connections, rules and mappings as one YAML file.',
  details: '"sallyport apply" reads it. Bind passwords and the ids of this environment are not in it.',
  args: {},
  flags: {},
  examples: ['sallyport export > setup.yaml'],
  run: async (context) => {
    const connection = await context.connect();
    const setup = setupOf(await readRecords(connection));
    if (context.json) context.printJson(setup);
    else
      context.world.out.write(
        writeSetup(setup, [
          `Set-up of environment ${connection.environmentId} at ${connection.serverUrl}`,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a variable is written in the file
          'New gateways need a bindPassword, such as ${BIND_PASSWORD}.',
        ]),
      );
    return EXIT_CODE.ok;
  },
});
