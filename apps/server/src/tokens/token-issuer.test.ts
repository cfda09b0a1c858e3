import { newUuid } from '@sallyport/model';
import { makeManualClock } from '@sallyport/runtime';
import { describe, expect, it } from 'vitest';
import { openSigningKey } from './signing-key.ts';
import { makeTokenIssuer, type TokenIssuer } from './token-issuer.ts';

async function issuer(clock = makeManualClock()): Promise<TokenIssuer> {
  const kept = new Map<string, Parameters<Parameters<typeof openSigningKey>[0]['put']>[3]>();
  const secrets: Parameters<typeof openSigningKey>[0] = {
    put: async (_scope, _owner, name, secret) => void kept.set(name, secret),
    get: async (_scope, _owner, name) => kept.get(name),
    names: async () => [...kept.keys()],
    remove: async (_scope, _owner, name) => void kept.delete(name),
  };
  const made = await openSigningKey(secrets);
  // A second start opens the same key.
  expect((await openSigningKey(secrets)).id).toBe(made.id);
  return makeTokenIssuer({ key: made, publicUrl: () => 'https://id.example', lifetimeSeconds: 60, clock });
}

describe('tokens', () => {
  it('say who they are for, until they expire', async () => {
    const clock = makeManualClock();
    const tokens = await issuer(clock);
    const claims = { applicationId: newUuid(), environmentId: newUuid() };
    const token = (await tokens.accessToken(claims)).reveal();
    expect(await tokens.verifyAccessToken(token)).toEqual(claims);
    clock.advance(61_000);
    await expect(tokens.verifyAccessToken(token)).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
      message: expect.stringContaining('expired'),
    });
  });

  it('are not taken for each other, nor from another issuer, nor unsigned', async () => {
    const tokens = await issuer();
    const access = (
      await tokens.accessToken({ applicationId: newUuid(), environmentId: newUuid() })
    ).reveal();
    const claims = { credentialId: newUuid(), gatewayId: newUuid(), environmentId: newUuid() };
    const credential = (await tokens.gatewayCredential(claims)).reveal();
    expect(await tokens.readGatewayCredential(credential)).toEqual(claims);
    expect(await tokens.readGatewayCredential(access)).toBeUndefined();
    await expect(tokens.verifyAccessToken(credential)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    const other = await issuer();
    expect(await other.readGatewayCredential(credential)).toBeUndefined();
    const [, payload] = access.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    await expect(tokens.verifyAccessToken(unsigned)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  });
});
