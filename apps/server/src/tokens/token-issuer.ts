import { CodedError, readUuid, Secret, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import { errors, jwtVerify, SignJWT } from 'jose';
import { SIGNING_ALGORITHM, type SigningKey } from './signing-key.ts';

/** An access token and a gateway credential are signed by one key; the audience keeps them apart. */
const AUDIENCE = { api: 'sallyport:api', gateway: 'sallyport:gateway' } as const;

export interface AccessTokenClaims {
  readonly applicationId: Uuid;
  readonly environmentId: Uuid;
}

export interface CredentialClaims {
  readonly credentialId: Uuid;
  readonly gatewayId: Uuid;
  readonly environmentId: Uuid;
}

export interface TokenIssuer {
  readonly lifetimeSeconds: number;
  accessToken(claims: AccessTokenClaims): Promise<Secret>;
  /** Throws INVALID_TOKEN. */
  verifyAccessToken(token: string): Promise<AccessTokenClaims>;
  /** A gateway credential does not expire: it is revoked. */
  gatewayCredential(claims: CredentialClaims): Promise<Secret>;
  /** Undefined for anything that is not a credential signed by us. */
  readGatewayCredential(token: string): Promise<CredentialClaims | undefined>;
}

export interface TokenIssuerOptions {
  readonly key: SigningKey;
  readonly publicUrl: () => string;
  readonly lifetimeSeconds: number;
  readonly clock: Clock;
}

export function makeTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { key, publicUrl, lifetimeSeconds, clock } = options;
  const sign = (claims: Readonly<Record<string, string>>, environmentId: Uuid): SignJWT =>
    new SignJWT({ ...claims, env: environmentId })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.id, typ: 'JWT' })
      .setIssuer(`${publicUrl()}/${environmentId}/as`)
      .setIssuedAt(Math.floor(clock.now() / 1000));
  const verify = async (token: string, audience: string): Promise<Readonly<Record<string, unknown>>> =>
    (
      await jwtVerify(token, key.publicKey, {
        algorithms: [SIGNING_ALGORITHM],
        audience,
        currentDate: new Date(clock.now()),
      })
    ).payload;
  return {
    lifetimeSeconds,
    accessToken: async ({ applicationId, environmentId }) =>
      new Secret(
        await sign({ client_id: applicationId }, environmentId)
          .setSubject(applicationId)
          .setAudience(AUDIENCE.api)
          .setExpirationTime(Math.floor(clock.now() / 1000) + lifetimeSeconds)
          .setJti(crypto.randomUUID())
          .sign(key.privateKey),
      ),
    verifyAccessToken: async (token) => {
      let payload: Readonly<Record<string, unknown>>;
      try {
        payload = await verify(token, AUDIENCE.api);
      } catch (cause) {
        const expired = cause instanceof errors.JWTExpired;
        throw new CodedError(
          'INVALID_TOKEN',
          expired
            ? 'The access token has expired; get a new one'
            : 'The access token is not one of this server',
          { cause },
        );
      }
      const applicationId = readClaim(payload, 'client_id');
      const environmentId = readClaim(payload, 'env');
      if (applicationId === undefined || environmentId === undefined)
        throw new CodedError('INVALID_TOKEN', 'The access token names no application');
      return { applicationId, environmentId };
    },
    gatewayCredential: async ({ credentialId, gatewayId, environmentId }) =>
      new Secret(
        await sign({ url: publicUrl() }, environmentId)
          .setSubject(gatewayId)
          .setAudience(AUDIENCE.gateway)
          .setJti(credentialId)
          .sign(key.privateKey),
      ),
    readGatewayCredential: async (token) => {
      const payload = await verify(token, AUDIENCE.gateway).catch((error: unknown) => {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      });
      const credentialId = readClaim(payload, 'jti');
      const gatewayId = readClaim(payload, 'sub');
      const environmentId = readClaim(payload, 'env');
      if (credentialId === undefined || gatewayId === undefined || environmentId === undefined)
        return undefined;
      return { credentialId, gatewayId, environmentId };
    },
  };
}

function readClaim(payload: Readonly<Record<string, unknown>> | undefined, name: string): Uuid | undefined {
  const value = payload?.[name];
  return typeof value === 'string' ? readUuid(value) : undefined;
}
