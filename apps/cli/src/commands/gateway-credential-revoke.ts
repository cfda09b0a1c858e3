import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { findGateway } from '../lookup/records.ts';

export const gatewayCredentialRevoke = command({
  words: 'gateway credential revoke',
  summary: 'Revokes a credential and disconnects whoever uses it.',
  args: {
    gateway: { description: 'Id or name of the gateway.' },
    credential: { description: 'Id of the credential; "sallyport gateway show" lists them.' },
  },
  flags: {},
  asks: true,
  examples: ['sallyport gateway credential revoke Headquarters 0f6c1d52-…'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const gateway = await findGateway(connection, args.gateway);
    const credential = gateway.credentials.find(({ id }) => id === args.credential.toLowerCase());
    if (credential === undefined)
      throw new CliError({
        message: `${gateway.name} has no credential ${args.credential}.`,
        code: 'NOT_FOUND',
        advice: `"sallyport gateway show ${JSON.stringify(gateway.name)}" lists them.`,
      });
    await context.confirm(
      `Revoke ${credential.id} of ${gateway.name}? Agents that use it are disconnected at once.`,
    );
    await api.gateways.removeCredential({
      environmentId,
      gatewayId: gateway.id,
      credentialId: credential.id,
    });
    if (context.json) context.printJson({ id: credential.id, revoked: true });
    else context.print(`Credential ${credential.id} is revoked.`);
    return EXIT_CODE.ok;
  },
});
