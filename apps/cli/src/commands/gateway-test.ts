import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findGateway } from '../lookup/records.ts';
import { connectionCheckLines } from '../setup/connection-check-lines.ts';

export const gatewayTest = command({
  words: 'gateway test',
  summary: 'Connects and binds to the directory through a gateway, and says what works.',
  args: { gateway: { description: 'Id or name of the gateway.' } },
  flags: {
    base: {
      type: 'text',
      placeholder: 'DN',
      description: 'Where a rule would read; the first naming context the server announces otherwise.',
    },
  },
  examples: ['sallyport gateway test Headquarters --base "OU=Staff,DC=corp,DC=example"'],
  run: async (context, { args, flags }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const gateway = await findGateway(connection, args.gateway);
    const check = await api.stores.checkConnection({
      environmentId,
      body: {
        type: 'LdapGateway',
        name: gateway.name,
        configuration: { GATEWAY_ID: gateway.id, ENVIRONMENT_ID: environmentId, LDAP_TYPE: gateway.vendor },
        ...(flags.base === undefined ? {} : { baseDn: flags.base }),
      },
    });
    if (context.json) context.printJson(check);
    else context.print(...connectionCheckLines(check, context));
    return EXIT_CODE.ok;
  },
});
