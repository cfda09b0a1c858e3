import { readFile } from 'node:fs/promises';
import { CONNECTION_SECURITIES, GATEWAY_VENDORS } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError, usageError } from '../fault/cli-error.ts';

/** Short words for the vendors, whose names are long to type. */
const VENDORS: Readonly<Record<string, (typeof GATEWAY_VENDORS)[number]>> = {
  'active-directory': 'Microsoft Active Directory',
  'ping-directory': 'PingDirectory',
  ldap: 'LDAPv3-compliant Directory Server',
};

export const gatewayCreate = command({
  words: 'gateway create',
  summary: 'Makes a gateway.',
  details: 'The bind password has no flag of its own: a command line can be seen by others on the machine.',
  args: { name: { description: 'Name of the gateway.' } },
  flags: {
    vendor: {
      type: 'text',
      placeholder: 'VENDOR',
      description: `\`${Object.keys(VENDORS).join('`, `')}\`, or the full name of a vendor.`,
    },
    server: {
      type: 'list',
      placeholder: 'HOST:PORT',
      description: 'A directory server; several in the order in which they are tried.',
    },
    bindDn: { type: 'text', placeholder: 'DN', description: 'Account the gateway binds as.' },
    bindPasswordFile: {
      type: 'text',
      placeholder: 'FILE',
      description: 'File with its password; else `SALLYPORT_BIND_PASSWORD`, else it is asked for.',
    },
    security: {
      type: 'text',
      choices: CONNECTION_SECURITIES,
      description: 'How the connection is protected; default `TLS`.',
    },
    noCertificateCheck: { type: 'switch', description: 'Trusts any certificate: for trials only.' },
    description: { type: 'text', placeholder: 'TEXT', description: 'What it is for.' },
  },
  asks: true,
  examples: [
    'sallyport gateway create Headquarters --vendor active-directory --server dc1.corp.example:636 --server dc2.corp.example:636 --bind-dn "CN=svc-sallyport,OU=Service,DC=corp,DC=example"',
  ],
  run: async (context, { args, flags }) => {
    const faults = [
      ...(flags.vendor === undefined ? ['--vendor is missing'] : []),
      ...(flags.server.length === 0 ? ['--server is missing'] : []),
      ...(flags.bindDn === undefined ? ['--bind-dn is missing'] : []),
    ];
    const vendor = flags.vendor === undefined ? undefined : readVendor(flags.vendor);
    if (flags.vendor !== undefined && vendor === undefined)
      faults.push(
        `--vendor: expected ${[...Object.keys(VENDORS), ...GATEWAY_VENDORS].join(', ')}, found ${JSON.stringify(flags.vendor)}`,
      );
    if (vendor === undefined || flags.bindDn === undefined || faults.length > 0)
      throw usageError(
        'The gateway cannot be made like this.',
        'See "sallyport help gateway create".',
        faults,
      );
    const { api, environmentId } = await context.connect();
    const bindPassword = await readPassword(context, flags.bindPasswordFile);
    await context.confirm(`Make the gateway ${args.name} to ${flags.server.join(', ')}?`);
    const gateway = await api.gateways.create({
      environmentId,
      body: {
        name: args.name,
        type: 'LDAP',
        enabled: true,
        vendor,
        serversHostAndPort: [...flags.server],
        bindDN: flags.bindDn,
        bindPassword,
        connectionSecurity: flags.security ?? 'TLS',
        validateTlsCertificates: !flags.noCertificateCheck,
        ...(flags.description === undefined ? {} : { description: flags.description }),
      },
    });
    if (context.json) context.printJson(gateway);
    else
      context.print(
        `Gateway ${gateway.name} is made: ${gateway.id}.`,
        `Next: sallyport gateway credential create ${JSON.stringify(gateway.name)}`,
      );
    return EXIT_CODE.ok;
  },
});

function readVendor(text: string): (typeof GATEWAY_VENDORS)[number] | undefined {
  const lower = text.toLowerCase();
  return VENDORS[lower] ?? GATEWAY_VENDORS.find((vendor) => vendor.toLowerCase() === lower);
}

async function readPassword(context: Context, file: string | undefined): Promise<string> {
  const { environment, keyboard } = context.world;
  if (file !== undefined) {
    try {
      // Editors end the last line; a password does not end in a line break.
      return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      throw new CliError({
        message: `The password file ${file} cannot be read.`,
        code: 'FILE_UNREADABLE',
        advice: 'Check its name and that you may read it.',
        exitCode: EXIT_CODE.usage,
        cause: error,
      });
    }
  }
  const variable = environment.SALLYPORT_BIND_PASSWORD;
  if (variable !== undefined && variable !== '') return variable;
  const typed = keyboard.isTerminal
    ? await keyboard.readLine('Bind password: ', { hidden: true })
    : undefined;
  if (typed !== undefined && typed !== '') return typed;
  throw usageError(
    'The bind password is missing.',
    'Give --bind-password-file or set SALLYPORT_BIND_PASSWORD.',
  );
}
