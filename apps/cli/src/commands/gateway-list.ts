import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { listGateways } from '../lookup/records.ts';

export const gatewayList = command({
  words: 'gateway list',
  summary: 'Lists the gateways.',
  args: {},
  flags: {},
  examples: ['sallyport gateway list'],
  run: async (context) => {
    const gateways = await listGateways(await context.connect());
    context.printTable(
      gateways,
      [
        { title: 'NAME', text: ({ name }) => name },
        {
          title: 'ENABLED',
          text: ({ enabled }) => (enabled ? 'yes' : 'no'),
          colour: ({ enabled }) => (enabled ? 'green' : 'dim'),
        },
        { title: 'DIRECTORY', text: ({ vendor }) => vendor },
        { title: 'SERVERS', text: ({ serversHostAndPort }) => serversHostAndPort.join(', ') },
        { title: 'SECURITY', text: ({ connectionSecurity }) => connectionSecurity },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'There are no gateways yet; "sallyport gateway create" makes one.',
    );
    return EXIT_CODE.ok;
  },
});
