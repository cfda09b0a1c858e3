import { CodedError, readUuid, Secret, type Uuid } from '@sallyport/model';
import type { Store } from '@sallyport/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hashSecret, matchesHash } from '../secrets/secret-hash.ts';
import type { SigningKey } from './signing-key.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Errors of RFC 6749 §5.2. */
interface TokenError {
  readonly status: 400 | 401;
  readonly error: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'unauthorized_client';
  readonly description: string;
  /** The client tried HTTP Basic, so that the answer must name the scheme. */
  readonly basic: boolean;
}

interface ClientAuthentication {
  readonly clientId: string;
  readonly secret: Secret;
  readonly basic: boolean;
}

export interface TokenEndpointDependencies {
  readonly store: Store;
  readonly tokens: TokenIssuer;
  readonly key: SigningKey;
}

/** `POST /{environment}/as/token` and `GET /{environment}/as/jwks`. */
export function registerTokenEndpoint(
  server: FastifyInstance,
  dependencies: TokenEndpointDependencies,
): void {
  // What an unknown client's secret is compared with, so that it takes as long as a known one's.
  const decoy = hashSecret(new Secret(crypto.randomUUID()));
  server.post<{ Params: { environmentId: string } }>('/:environmentId/as/token', async (request, reply) => {
    // RFC 6749 §5.1: never cached.
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
    const form = readForm(request);
    if ('error' in form) return fail(reply, form);
    const authentication = readClient(request.headers.authorization, form.parameters);
    if ('error' in authentication) return fail(reply, authentication);
    const grant = form.parameters.get('grant_type');
    if (grant !== 'client_credentials')
      return fail(reply, {
        status: 400,
        error: grant === null ? 'invalid_request' : 'unsupported_grant_type',
        description:
          grant === null
            ? 'The parameter grant_type is missing'
            : 'Only grant_type client_credentials is supported',
        basic: authentication.basic,
      });
    const applicationId = await authenticateClient(
      dependencies.store,
      request.params.environmentId,
      authentication,
      await decoy,
    );
    const environmentId = readUuid(request.params.environmentId);
    if (applicationId === undefined || environmentId === undefined)
      return fail(reply, {
        status: 401,
        error: 'invalid_client',
        description: 'Client id or secret is wrong, or the application is disabled',
        basic: authentication.basic,
      });
    const token = await dependencies.tokens.accessToken({ applicationId, environmentId });
    return reply.send({
      access_token: token.reveal(),
      token_type: 'Bearer',
      expires_in: dependencies.tokens.lifetimeSeconds,
    });
  });
  server.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/:environmentId/as/token',
    handler: async (_request, reply) => {
      void reply.header('allow', 'POST');
      // RFC 6749 §3.2: the client must use POST.
      throw new CodedError('METHOD_NOT_ALLOWED', 'Tokens are asked for with POST');
    },
  });
  server.get('/:environmentId/as/jwks', () => ({ keys: [dependencies.key.publicJwk] }));
}

async function authenticateClient(
  store: Store,
  environment: string,
  authentication: ClientAuthentication,
  decoy: string,
): Promise<Uuid | undefined> {
  const environmentId = readUuid(environment);
  const clientId = readUuid(authentication.clientId);
  const application =
    environmentId === undefined || clientId === undefined
      ? undefined
      : await store.applications.get(environmentId, clientId);
  const matches = await matchesHash(authentication.secret, application?.secretHash ?? decoy);
  return matches && application?.enabled === true ? application.id : undefined;
}

function readForm(request: FastifyRequest): { readonly parameters: URLSearchParams } | TokenError {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const invalid = (description: string): TokenError => ({
    status: 400,
    error: 'invalid_request',
    description,
    basic: false,
  });
  if (mediaType !== 'application/x-www-form-urlencoded')
    return invalid('The body must have the media type application/x-www-form-urlencoded');
  const parameters = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
  // RFC 6749 §3.2: no parameter more than once.
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length) return invalid('A parameter is given more than once');
  return { parameters };
}

/** Client authentication by HTTP Basic or in the body, not both (RFC 6749 §2.3). */
function readClient(
  authorization: string | undefined,
  form: URLSearchParams,
): ClientAuthentication | TokenError {
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  if (authorization === undefined) {
    if (id !== null && secret !== null) return { clientId: id, secret: new Secret(secret), basic: false };
    return {
      status: 401,
      error: 'invalid_client',
      description: 'Send client id and secret by HTTP Basic, or as client_id and client_secret in the body',
      basic: false,
    };
  }
  const wrong = (status: 400 | 401, description: string): TokenError => ({
    status,
    error: status === 400 ? 'invalid_request' : 'invalid_client',
    description,
    basic: status === 401,
  });
  if (secret !== null) return wrong(400, 'The client authenticates in two ways at once');
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization) ?? [];
  if (encoded === undefined) return wrong(401, 'The header Authorization is not HTTP Basic');
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return wrong(401, 'The header Authorization holds no client id and secret');
  const clientId = formDecode(text.slice(0, colon));
  if (id !== null && id !== clientId)
    return wrong(400, 'client_id differs from the one in the header Authorization');
  return { clientId, secret: new Secret(formDecode(text.slice(colon + 1))), basic: true };
}

/** RFC 6749 §2.3.1 has both parts form-encoded. Clients that do not encode send the text as it is. */
function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function fail(reply: FastifyReply, failure: TokenError): FastifyReply {
  if (failure.basic) void reply.header('www-authenticate', 'Basic realm="sallyport", charset="UTF-8"');
  return reply.code(failure.status).send({ error: failure.error, error_description: failure.description });
}
