import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findGateway } from '../lookup/records.ts';

export const gatewayCredentialCreate = command({
  words: 'gateway credential create',
  summary: 'Makes a credential for an agent; its token is shown this once.',
  details: 'Standard output has the token alone, so that it can go straight into a file.',
  args: { gateway: { description: 'Id or name of the gateway.' } },
  flags: {},
  asks: true,
  examples: ['sallyport gateway credential create Headquarters --yes > gateway.token'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId, serverUrl } = connection;
    const gateway = await findGateway(connection, args.gateway);
    await context.confirm(`Make a credential for ${gateway.name}?`);
    const made = await api.gateways.createCredential({ environmentId, gatewayId: gateway.id });
    if (context.json) {
      context.printJson(made);
      return EXIT_CODE.ok;
    }
    context.note(`Credential ${made.id} of ${gateway.name}; the token is not shown again:`);
    context.print(made.credential);
    context.note(
      'Start an agent with it:',
      `  SALLYPORT_SERVER_URL=${serverUrl} SALLYPORT_GATEWAY_CREDENTIAL=… sallyport-gateway`,
    );
    return EXIT_CODE.ok;
  },
});
