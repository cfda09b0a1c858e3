import * as z from 'zod';
import { ApiError } from './api-error.ts';

export interface ClientCredentials {
  readonly environmentId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Answers a bearer token; `fresh` asks for a new one because the last was refused. */
export type TokenSource = (fresh: boolean) => Promise<string>;

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const tokenError = z.object({ error: z.string(), error_description: z.string().optional() });

/** A token is taken anew this long before it ends, so that none expires on the way. */
const MARGIN_MS = 30_000;

/** Gets tokens by client credentials (RFC 6749 §4.4) and keeps each until shortly before its end. */
export function makeTokenSource(
  baseUrl: URL,
  credentials: ClientCredentials,
  send: typeof fetch,
): TokenSource {
  let kept: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  const ask = async (): Promise<string> => {
    const { environmentId, clientId, clientSecret } = credentials;
    const response = await send(new URL(`/${encodeURIComponent(environmentId)}/as/token`, baseUrl), {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        // Both parts are form-encoded before they are joined (RFC 6749 §2.3.1).
        authorization: `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`,
      },
      body: 'grant_type=client_credentials',
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw tokenFailure(response, body);
    const answer = tokenAnswer.parse(body);
    kept = { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 - MARGIN_MS };
    return answer.access_token;
  };
  return (fresh) => {
    if (!fresh && kept !== undefined && kept.until > Date.now()) return Promise.resolve(kept.token);
    // Callers that come while one asks wait for the same answer.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

function tokenFailure(response: Response, body: unknown): ApiError {
  const parsed = tokenError.safeParse(body);
  const shown = parsed.success
    ? {
        id: response.headers.get('x-ping-external-transaction-id') ?? '',
        code: 'ACCESS_FAILED',
        message: `No token: ${parsed.data.error_description ?? parsed.data.error}`,
        details: [
          {
            code: parsed.data.error.toUpperCase(),
            message: parsed.data.error_description ?? parsed.data.error,
          },
        ],
      }
    : body;
  return new ApiError(response.status, shown, response.headers.get('retry-after'));
}

function formEncode(text: string): string {
  return new URLSearchParams({ t: text }).toString().slice(2);
}
