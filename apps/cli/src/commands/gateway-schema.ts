import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findGateway } from '../lookup/records.ts';

export const gatewaySchema = command({
  words: 'gateway schema',
  summary: 'Lists the attributes that the directory behind a gateway knows.',
  args: { gateway: { description: 'Id or name of the gateway.' } },
  flags: {
    contains: { type: 'text', placeholder: 'TEXT', description: 'Only attributes whose name contains it.' },
    objectClass: {
      type: 'text',
      placeholder: 'CLASS',
      description: 'Only attributes that entries of this class may have.',
    },
  },
  examples: ['sallyport gateway schema Headquarters --object-class user --contains phone'],
  run: async (context, { args, flags }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const gateway = await findGateway(connection, args.gateway);
    const query = {
      ...(flags.contains === undefined ? {} : { contains: flags.contains }),
      ...(flags.objectClass === undefined ? {} : { objectClass: flags.objectClass }),
    };
    const schema = await api.gateways.readSchema({ environmentId, gatewayId: gateway.id, query });
    context.printTable(
      schema.attributes,
      [
        { title: 'ATTRIBUTE', text: ({ name }) => name },
        { title: 'VALUES', text: ({ multiValued }) => (multiValued ? 'many' : 'one') },
        { title: 'KIND', text: ({ operational }) => (operational ? 'operational' : 'user') },
        { title: 'SYNTAX', text: ({ syntax }) => syntax ?? '' },
        { title: 'DESCRIPTION', text: ({ description }) => description ?? '' },
      ],
      'No attribute fits.',
    );
    return EXIT_CODE.ok;
  },
});
