import type { GatewayInstanceBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findGateway } from '../lookup/records.ts';
import { clockText, relativeText } from '../terminal/time-text.ts';

export const gatewayShow = command({
  words: 'gateway show',
  summary: 'Shows a gateway with its instances and credentials.',
  args: { gateway: { description: 'Id or name of the gateway.' } },
  flags: {},
  examples: ['sallyport gateway show Headquarters'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const { id: gatewayId } = await findGateway(connection, args.gateway);
    const gateway = await api.gateways.read({ environmentId, gatewayId, query: { expand: 'instances' } });
    if (context.json) {
      context.printJson(gateway);
      return EXIT_CODE.ok;
    }
    const now = context.world.now();
    context.print(
      ...context.facts([
        ['Gateway', gateway.name],
        ['Id', gateway.id],
        ['Description', gateway.description],
        ['Enabled', gateway.enabled ? 'yes' : 'no'],
        ['Directory', gateway.vendor],
        ['Servers', gateway.serversHostAndPort.join(', ')],
        ['Security', gateway.connectionSecurity],
        ['Certificates', gateway.validateTlsCertificates ? 'verified' : 'not verified'],
        ['Bind DN', gateway.bindDN],
        ...gateway.userTypes.map(
          ({ name, searchBaseDn }) => ['User type', `${name}: ${searchBaseDn}`] as const,
        ),
        ...gateway.currentAlerts.map(({ message }) => ['Alert', message] as const),
      ]),
      '',
    );
    context.printTable<GatewayInstanceBody>(
      gateway._embedded?.instances ?? [],
      [
        { title: 'INSTANCE', text: ({ hostname }) => hostname },
        { title: 'CONNECTED', text: ({ connected }) => (connected ? 'yes' : 'no') },
        {
          title: 'HEALTH',
          text: ({ healthStatus }) => healthStatus,
          colour: ({ healthStatus }) => (healthStatus === 'HEALTHY' ? 'green' : 'red'),
        },
        { title: 'VERSION', text: ({ version }) => version.versionNumber },
        { title: 'OPS/S', text: ({ operationsPerSecond }) => number(operationsPerSecond), align: 'right' },
        { title: 'MS', text: ({ responseTimeMillis }) => number(responseTimeMillis), align: 'right' },
        { title: 'SEEN', text: ({ lastReportedAt }) => relativeText(lastReportedAt, now) },
        {
          title: 'ERRORS',
          text: ({ currentErrors }) => currentErrors.map(({ message }) => message).join('; '),
        },
      ],
      'No instance has connected yet.',
    );
    context.print('');
    context.printTable(
      gateway.credentials,
      [
        { title: 'CREDENTIAL', text: ({ id }) => id, rigid: true },
        { title: 'MADE', text: ({ createdAt }) => clockText(createdAt) },
        { title: 'LAST USED', text: ({ lastUsedAt }) => relativeText(lastUsedAt, now) },
      ],
      'There is no credential yet; "sallyport gateway credential create" makes one.',
    );
    return EXIT_CODE.ok;
  },
});

function number(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value * 10) / 10);
}
