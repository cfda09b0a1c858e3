import { makeApiClient } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { usageError } from '../fault/cli-error.ts';
import { reachableFetch } from '../session/reachable-fetch.ts';
import { requestToken } from '../session/request-token.ts';
import { parseServerUrl } from '../session/server-url.ts';
import { sessionPath, writeSession } from '../session/session-file.ts';
import { durationText } from '../terminal/time-text.ts';

export const login = command({
  words: 'login',
  summary: 'Signs in and keeps the token for the commands that follow.',
  details:
    'What is not given by flag or variable is asked for. The client secret has no flag: a command line can be seen by others on the machine.',
  args: {},
  flags: {
    server: {
      type: 'text',
      placeholder: 'URL',
      description: 'Address of the server; also `SALLYPORT_SERVER_URL`.',
    },
    clientId: { type: 'text', placeholder: 'ID', description: 'Client id; also `SALLYPORT_CLIENT_ID`.' },
    secretStdin: { type: 'switch', description: 'Reads the client secret from standard input.' },
    keepSecret: { type: 'switch', description: 'Keeps the secret too, so that the sign-in does not end.' },
    allowPlainHttp: { type: 'switch', description: 'Allows http:// to another machine.' },
  },
  examples: [
    'sallyport login --server https://sallyport.example.com',
    'pass show sallyport | sallyport login --server https://sallyport.example.com --environment … --client-id … --secret-stdin',
  ],
  run: async (context, { flags }) => {
    const { world } = context;
    const { environment } = world;
    const server =
      flags.server ?? environment.SALLYPORT_SERVER_URL ?? (await ask(context, 'Server', '--server'));
    const serverUrl = parseServerUrl(server, flags.allowPlainHttp);
    const environmentId =
      context.environmentId ??
      environment.SALLYPORT_ENVIRONMENT_ID ??
      (await ask(context, 'Environment id', '--environment'));
    const clientId =
      flags.clientId ?? environment.SALLYPORT_CLIENT_ID ?? (await ask(context, 'Client id', '--client-id'));
    const clientSecret = flags.secretStdin
      ? (await world.keyboard.readAll()).trim()
      : (environment.SALLYPORT_CLIENT_SECRET ??
        (await ask(context, 'Client secret', '--secret-stdin', true)));
    const send = reachableFetch(world.fetch);
    const request = { serverUrl, environmentId, clientId, clientSecret };
    const { token, lifetimeSeconds } = await requestToken(request, send, world.signal);
    const { name } = await makeApiClient({ baseUrl: serverUrl, token, fetch: send }).environments.read(
      { environmentId },
      { signal: world.signal },
    );
    const tokenEndsAt = world.now() + lifetimeSeconds * 1000;
    const path = sessionPath(environment, context.profile);
    await writeSession(path, {
      serverUrl,
      environmentId,
      clientId,
      ...(flags.keepSecret ? { clientSecret } : {}),
      token,
      tokenEndsAt,
    });
    if (context.json)
      context.printJson({
        server: serverUrl,
        environment: { id: environmentId, name },
        profile: context.profile,
        path,
      });
    else
      context.print(
        `Signed in to environment ${name} at ${serverUrl}.`,
        flags.keepSecret
          ? `Token and secret are kept in ${path}.`
          : `The token is kept in ${path} and ends in ${durationText(lifetimeSeconds * 1000)}.`,
      );
    return EXIT_CODE.ok;
  },
});

async function ask(context: Context, what: string, flag: string, hidden = false): Promise<string> {
  const { keyboard } = context.world;
  const answer = keyboard.isTerminal ? await keyboard.readLine(`${what}: `, { hidden }) : undefined;
  if (answer !== undefined && answer.trim() !== '') return answer.trim();
  throw usageError(`${what} is missing.`, `Give ${flag}, or set its variable; see "sallyport help login".`);
}
