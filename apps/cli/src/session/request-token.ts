import { ApiError } from '@sallyport/contract';
import * as z from 'zod';

export interface TokenRequest {
  readonly serverUrl: string;
  readonly environmentId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const answer = z.object({ access_token: z.string(), expires_in: z.number() });
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** A token by client credentials (RFC 6749 §4.4), with its life: `login` keeps it, so it needs more than the client of the contract tells. */
export async function requestToken(
  request: TokenRequest,
  send: typeof fetch,
  signal: AbortSignal,
): Promise<{ readonly token: string; readonly lifetimeSeconds: number }> {
  const { serverUrl, environmentId, clientId, clientSecret } = request;
  const response = await send(new URL(`/${encodeURIComponent(environmentId)}/as/token`, serverUrl), {
    method: 'POST',
    // In the body (RFC 6749 §2.3.1): no second encoding to get wrong.
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
    signal,
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const { access_token, expires_in } = answer.parse(body);
    return { token: access_token, lifetimeSeconds: expires_in };
  }
  const told = refusal.safeParse(body);
  if (!told.success) throw new ApiError(response.status, body, response.headers.get('retry-after'));
  const message = told.data.error_description ?? told.data.error;
  const shown = {
    id: response.headers.get('x-ping-external-transaction-id') ?? '',
    code: 'ACCESS_FAILED',
    message: `The sign-in was refused: ${message}`,
    details: [{ code: told.data.error.toUpperCase(), message }],
  };
  throw new ApiError(response.status, shown, response.headers.get('retry-after'));
}
