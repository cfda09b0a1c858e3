import { Secret } from '@sallyport/model';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import type { SealedSecrets } from '../secrets/sealed-secrets.ts';

export const SIGNING_ALGORITHM = 'ES256';

/** The key that signs access tokens and gateway credentials. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Opens the installation's key, or makes and seals one on the first start. */
export async function openSigningKey(secrets: SealedSecrets): Promise<SigningKey> {
  const kept = await secrets.get('system', 'tokens', 'signing-key');
  const jwk: JWK = kept === undefined ? await makeKey(secrets) : JSON.parse(kept.reveal());
  const { kty, crv, x, y } = jwk;
  const publicJwk: JWK = {
    ...(kty === undefined ? {} : { kty }),
    ...(crv === undefined ? {} : { crv }),
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
  };
  const id = await calculateJwkThumbprint(publicJwk);
  const [privateKey, publicKey] = await Promise.all([
    importJWK(jwk, SIGNING_ALGORITHM),
    importJWK(publicJwk, SIGNING_ALGORITHM),
  ]);
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array)
    throw new TypeError('The sealed signing key is symmetric; expected an elliptic curve key');
  return {
    id,
    privateKey,
    publicKey,
    publicJwk: { ...publicJwk, kid: id, alg: SIGNING_ALGORITHM, use: 'sig' },
  };
}

async function makeKey(secrets: SealedSecrets): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  await secrets.put('system', 'tokens', 'signing-key', new Secret(JSON.stringify(jwk)));
  return jwk;
}
