import { type ApiClient, type CallOptions, makeApiClient } from '@sallyport/contract';
import type { Connection } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { relativeText } from '../terminal/time-text.ts';
import type { World } from '../world.ts';
import { reachableFetch } from './reachable-fetch.ts';
import { readSession, type Session, sessionPath } from './session-file.ts';

/** The client of the sign-in in the environment, or else of the kept one. Throws CliError NOT_SIGNED_IN. */
export async function connect(
  world: World,
  profile: string,
  environmentId: string | undefined,
): Promise<Connection> {
  const { environment } = world;
  const send = abortable(reachableFetch(world.fetch), world.signal);
  const {
    SALLYPORT_SERVER_URL: url,
    SALLYPORT_CLIENT_ID: clientId,
    SALLYPORT_CLIENT_SECRET: clientSecret,
    SALLYPORT_ENVIRONMENT_ID: variable,
  } = environment;
  if (url && clientId && clientSecret && variable) {
    const api = makeApiClient({
      baseUrl: url,
      clientCredentials: { environmentId: variable, clientId, clientSecret },
      fetch: send,
    });
    return { api, environmentId: environmentId ?? variable, serverUrl: url };
  }
  const session = await readSession(sessionPath(environment, profile));
  if (session === undefined)
    throw new CliError({
      message:
        profile === 'default' ? 'You are not signed in.' : `Nobody is signed in as profile ${profile}.`,
      code: 'NOT_SIGNED_IN',
      advice: `Sign in with "sallyport login${profile === 'default' ? '' : ` --profile ${profile}`}".`,
      exitCode: EXIT_CODE.refused,
    });
  return {
    api: clientOf(session, send, world.now()),
    environmentId: environmentId ?? (variable || session.environmentId),
    serverUrl: session.serverUrl,
  };
}

function clientOf(session: Session, send: typeof fetch, now: number): ApiClient {
  const { serverUrl: baseUrl, clientId, clientSecret, environmentId } = session;
  if (clientSecret !== undefined)
    return makeApiClient({
      baseUrl,
      clientCredentials: { environmentId, clientId, clientSecret },
      fetch: send,
    });
  if (session.tokenEndsAt <= now)
    throw new CliError({
      message: `Your sign-in to ${baseUrl} ended ${relativeText(new Date(session.tokenEndsAt).toISOString(), now)}.`,
      code: 'NOT_SIGNED_IN',
      advice: 'Sign in again with "sallyport login"; with --keep-secret it lasts.',
      exitCode: EXIT_CODE.refused,
    });
  return makeApiClient({ baseUrl, token: session.token, fetch: send });
}

/** Every request ends with Ctrl-C, without a word about it in each command. */
function abortable(send: typeof fetch, signal: AbortSignal): typeof fetch {
  return (input, init) => send(input, { signal, ...(init satisfies CallOptions | RequestInit | undefined) });
}
