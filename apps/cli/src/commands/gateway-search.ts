import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { usageError } from '../fault/cli-error.ts';
import { findGateway } from '../lookup/records.ts';
import { plural } from '../terminal/plural.ts';
import { printable } from '../terminal/printable.ts';

export const gatewaySearch = command({
  words: 'gateway search',
  summary: 'Takes a bounded look at the directory behind a gateway.',
  args: {
    gateway: { description: 'Id or name of the gateway.' },
    base: {
      optional: true,
      description: 'DN to search below; without it the root DSE, which lists the naming contexts.',
    },
  },
  flags: {
    scope: {
      type: 'text',
      choices: ['base', 'one', 'sub'],
      description: 'How deep; default `sub`, `base` without a DN.',
    },
    filter: {
      type: 'text',
      placeholder: 'FILTER',
      description: 'LDAP filter (RFC 4515); default everything.',
    },
    attribute: {
      type: 'list',
      placeholder: 'NAME',
      description: 'Only this attribute; several for several.',
    },
    limit: { type: 'text', placeholder: 'N', description: 'How many entries, at most 200; default 20.' },
  },
  examples: [
    'sallyport gateway search Headquarters',
    'sallyport gateway search Headquarters "OU=Staff,DC=corp,DC=example" --filter "(sn=Silva*)" --attribute mail',
  ],
  run: async (context, { args, flags }) => {
    const limit = Number(flags.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200)
      throw usageError(
        `--limit: expected a whole number from 1 to 200, found ${JSON.stringify(flags.limit)}.`,
        'A rule reads everything; this is a look.',
      );
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const gateway = await findGateway(connection, args.gateway);
    const result = await api.gateways.search({
      environmentId,
      gatewayId: gateway.id,
      body: {
        base: args.base ?? '',
        scope: flags.scope ?? (args.base === undefined ? 'base' : 'sub'),
        limit,
        ...(flags.filter === undefined ? {} : { filter: flags.filter }),
        ...(flags.attribute.length === 0 ? {} : { attributes: [...flags.attribute] }),
      },
    });
    if (context.json) {
      context.printJson(result);
      return EXIT_CODE.ok;
    }
    for (const { dn, attributes } of result.entries)
      context.print(
        context.paint('bold', printable(dn === '' ? '(root DSE)' : dn)),
        ...context
          .facts(Object.entries(attributes).map(([name, values]) => [name, values.join(', ')] as const))
          .map((line) => `  ${line}`),
        '',
      );
    context.note(
      `${plural(result.entries.length, 'entry', 'entries')}${result.truncated ? ', and more that were not asked for (--limit)' : ''}${result.server === undefined ? '' : ` from ${result.server}`}.`,
    );
    return EXIT_CODE.ok;
  },
});
