import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiClient, MEDIA_TYPE } from '@sallyport/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, errorOf } from './played-corp.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const SECRETS = ['Chosen.Pass-1', 'Second.Pass-2', 'Third.Pass-3', 'Wrong.Pass-9'] as const;
const [FIRST, SECOND, THIRD, WRONG] = SECRETS;

let server: TestServer;
let api: ApiClient;
let environmentId: string;

beforeAll(async () => {
  server = await startTestServer({ options: { passwordMaxFailures: 3, passwordLockSeconds: 600 } });
  ({ api } = server);
  environmentId = (await api.environments.create({ body: { name: 'Secrets', type: 'SANDBOX' } })).id;
});
afterAll(() => server.close());

async function newUser(password?: { value?: string; forceChange?: boolean }) {
  const username = `user-${randomUUID()}`;
  const user = await api.users.create({
    environmentId,
    body: { username, ...(password === undefined ? {} : { password }) },
  });
  return { environmentId, userId: user.id, username };
}

describe('a password', () => {
  it('is set, checked, forced to change, replaced by its owner and taken away', async () => {
    const { username: _, ...key } = await newUser();
    expect(await api.passwords.read(key)).toMatchObject({
      environment: { id: environmentId },
      user: { id: key.userId },
      status: 'NO_PASSWORD',
    });
    const none = await errorOf(api.passwords.check({ ...key, body: { password: FIRST } }));
    expect([none.status, codes(none)]).toEqual([400, [['NO_PASSWORD', 'password']]]);

    const set = await api.passwords.set({ ...key, body: { value: FIRST } });
    expect(set).toMatchObject({ status: 'OK', lastChangedAt: expect.stringMatching(/Z$/) });
    expect(set.passwordPolicy.id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await api.passwords.check({ ...key, body: { password: FIRST } })).status).toBe('OK');
    const wrong = await errorOf(api.passwords.check({ ...key, body: { password: WRONG } }));
    expect([wrong.status, wrong.code]).toEqual([400, 'INVALID_DATA']);
    expect(wrong.details).toEqual([
      {
        code: 'INVALID_VALUE',
        target: 'password',
        message: 'The password is not the right one',
        innerError: { attemptsRemaining: 2 },
      },
    ]);

    expect((await api.passwords.forceChange(key)).status).toBe('MUST_CHANGE_PASSWORD');
    // It is the right one all the same; the caller is told what has to follow.
    expect((await api.passwords.check({ ...key, body: { password: FIRST } })).status).toBe(
      'MUST_CHANGE_PASSWORD',
    );
    const same = await errorOf(
      api.passwords.reset({ ...key, body: { currentPassword: FIRST, newPassword: FIRST } }),
    );
    expect(codes(same)).toEqual([['PASSWORD_POLICY_VIOLATION', 'newPassword']]);
    const notTheirs = await errorOf(
      api.passwords.reset({ ...key, body: { currentPassword: WRONG, newPassword: SECOND } }),
    );
    expect(codes(notTheirs)).toEqual([['INVALID_VALUE', 'currentPassword']]);
    expect(
      await api.passwords.reset({ ...key, body: { currentPassword: FIRST, newPassword: SECOND } }),
    ).toMatchObject({ status: 'OK' });
    expect((await errorOf(api.passwords.check({ ...key, body: { password: FIRST } }))).status).toBe(400);

    expect((await api.passwords.setValue({ ...key, body: { value: THIRD, forceChange: true } })).status).toBe(
      'MUST_CHANGE_PASSWORD',
    );
    expect((await api.passwords.setValue({ ...key, body: {} })).status).toBe('NO_PASSWORD');
  });

  it('comes with a new or imported user, as clear text or as a hash of another system', async () => {
    const chosen = await newUser({ value: FIRST, forceChange: true });
    expect((await api.passwords.check({ ...chosen, body: { password: FIRST } })).status).toBe(
      'MUST_CHANGE_PASSWORD',
    );
    const salt = Buffer.from('pepper');
    const digest = createHash('sha512').update(SECOND).update(salt).digest();
    const imported = await api.users.import({
      environmentId,
      body: {
        username: 'imported',
        password: { value: `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}` },
      },
    });
    const key = { environmentId, userId: imported.id };
    expect(imported._links?.['password.check']?.href).toMatch(/\/password$/);
    expect(JSON.stringify(imported)).not.toContain('SSHA512');
    expect((await api.passwords.check({ ...key, body: { password: SECOND } })).status).toBe('OK');
    const short = await errorOf(
      api.users.create({ environmentId, body: { username: 'short', password: { value: 'abc' } } }),
    );
    expect(codes(short)).toEqual([['PASSWORD_POLICY_VIOLATION', 'password.value']]);
    expect((await api.users.list({ environmentId, query: { filter: 'username eq "short"' } })).count).toBe(0);
    const bcrypt = await errorOf(
      api.passwords.set({ ...key, body: { value: '{BCRYPT}$2b$10$abcdefghijklmnopqrstuv' } }),
    );
    expect(codes(bcrypt)).toEqual([['PASSWORD_ENCODING_UNSUPPORTED', 'value']]);
    expect((await api.passwords.set({ ...key, body: { value: 'abc', bypassPolicy: true } })).status).toBe(
      'OK',
    );
  });

  it('is locked out after too many wrong ones, many at once among them, until the time or an administrator ends it', async () => {
    const user = await newUser({ value: FIRST });
    const tries = await Promise.all(
      Array.from({ length: 6 }, () => errorOf(api.passwords.check({ ...user, body: { password: WRONG } }))),
    );
    // Three are looked at, the third locks; the rest learn nothing of their password.
    expect(tries.map((error) => error.details[0]?.code).sort()).toEqual([
      'INVALID_VALUE',
      'INVALID_VALUE',
      ...Array(4).fill('PASSWORD_LOCKED_OUT'),
    ]);
    const state = await api.passwords.read(user);
    expect(state.status).toBe('PASSWORD_LOCKED_OUT');
    expect(state.secondsUntilUnlock).toBeGreaterThan(590);
    const right = await errorOf(api.passwords.check({ ...user, body: { password: FIRST } }));
    expect(right.details[0]).toMatchObject({
      code: 'PASSWORD_LOCKED_OUT',
      innerError: { secondsUntilUnlock: expect.any(Number) },
    });
    expect((await api.passwords.unlock(user)).status).toBe('OK');
    expect((await api.passwords.check({ ...user, body: { password: FIRST } })).status).toBe('OK');
    for (let turn = 0; turn < 3; turn += 1)
      await errorOf(api.passwords.check({ ...user, body: { password: WRONG } }));
    await api.users.unlock(user);
    expect((await api.passwords.read(user)).status).toBe('OK');
  });

  it('counts failures in a row: a right one begins anew', async () => {
    const user = await newUser({ value: FIRST });
    for (let turn = 0; turn < 4; turn += 1) {
      await errorOf(api.passwords.check({ ...user, body: { password: WRONG } }));
      await errorOf(api.passwords.check({ ...user, body: { password: '' } }));
      await api.passwords.check({ ...user, body: { password: FIRST } });
    }
    expect((await api.passwords.read(user)).status).toBe('OK');
  });

  it('of a disabled or locked account is not looked at', async () => {
    const user = await newUser({ value: FIRST });
    await api.users.setEnabled({ ...user, body: { enabled: false } });
    const disabled = await errorOf(api.passwords.check({ ...user, body: { password: FIRST } }));
    expect(codes(disabled)).toEqual([['ACCOUNT_NOT_USABLE', 'password']]);
    await api.users.setEnabled({ ...user, body: { enabled: true } });
    await api.users.lock(user);
    const locked = await errorOf(api.passwords.check({ ...user, body: { password: FIRST } }));
    expect(codes(locked)).toEqual([['ACCOUNT_NOT_USABLE', 'password']]);
  });

  it('is not there for other environments, and goes with its user', async () => {
    const user = await newUser({ value: FIRST });
    const other = await api.environments.create({ body: { name: 'Elsewhere', type: 'SANDBOX' } });
    for (const environment of [other.id])
      expect(
        (
          await errorOf(
            api.passwords.check({ ...user, environmentId: environment, body: { password: FIRST } }),
          )
        ).status,
      ).toBe(404);
    await api.users.remove(user);
    expect((await errorOf(api.passwords.read(user))).status).toBe(404);
  });

  it('can be left to a gateway only if there is one with that user type', async () => {
    const user = await newUser({ value: FIRST });
    const refused = await errorOf(
      api.passwords.setGateway({
        ...user,
        body: {
          id: randomUUID(),
          userType: { id: randomUUID() },
          correlationAttributes: { objectGUID: 'x' },
        },
      }),
    );
    expect(codes(refused)).toEqual([['INVALID_VALUE', 'id']]);
    const empty = await errorOf(
      api.passwords.setGateway({
        ...user,
        body: { id: randomUUID(), userType: { id: randomUUID() }, correlationAttributes: {} },
      }),
    );
    expect(codes(empty)).toEqual([['INVALID_VALUE', 'correlationAttributes']]);
    // Each check would answer whether somebody has this value: a way to guess it.
    const secret = await errorOf(
      api.passwords.setGateway({
        ...user,
        body: {
          id: randomUUID(),
          userType: { id: randomUUID() },
          correlationAttributes: { objectGUID: 'x', 'MS-MCS-AdmPwd': 'y' },
        },
      }),
    );
    expect(codes(secret)).toEqual([['SECRET_ATTRIBUTE', 'correlationAttributes']]);
  });

  it('that its owner chooses is taken as it was typed, also if it looks like a hash', async () => {
    const { username: _, ...key } = await newUser({ value: FIRST });
    // Of a text that is too short for the policy.
    const salt = Buffer.from('salt');
    const digest = createHash('sha256').update('x').update(salt).digest();
    const typed = `{SSHA256}${Buffer.concat([digest, salt]).toString('base64')}`;
    await api.passwords.reset({ ...key, body: { currentPassword: FIRST, newPassword: typed } });
    expect((await api.passwords.check({ ...key, body: { password: typed } })).status).toBe('OK');
    expect((await errorOf(api.passwords.check({ ...key, body: { password: 'x' } }))).status).toBe(400);
  });
});

it('takes actions by their media type in any case, and never quotes a body that is no JSON', async () => {
  const user = await newUser({ value: FIRST });
  const url = `${server.publicUrl}/v1/environments/${environmentId}/users/${user.userId}/password`;
  const send = async (body: string, type: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.token()}`, 'content-type': type },
      body,
    });
    return { status: response.status, text: await response.text() };
  };
  const good = JSON.stringify({ password: FIRST });
  expect((await send(good, MEDIA_TYPE.passwordCheck.toUpperCase())).status).toBe(200);
  expect((await send(good, 'application/json')).status).toBe(415);
  for (const broken of [`${FIRST}`, `{"password":${FIRST}}`, `{"password":"${FIRST}"`, `"${FIRST}" x`]) {
    const { status, text } = await send(broken, MEDIA_TYPE.passwordCheck);
    expect([status, text.includes(FIRST)]).toEqual([400, false]);
  }
});

it('leaves no password anywhere: not in the database, not in the log, not in an answer', async () => {
  const user = await newUser({ value: FIRST });
  await api.passwords.check({ ...user, body: { password: FIRST } });
  await errorOf(api.passwords.check({ ...user, body: { password: WRONG } }));
  const answers = JSON.stringify([
    await api.users.list({ environmentId, query: { limit: 1000 } }),
    await api.passwords.read(user),
    await api.activities.list({ environmentId, query: { limit: 1000 } }),
  ]);
  const places = readdirSync(server.folder).map((name) => readFileSync(join(server.folder, name), 'latin1'));
  for (const secret of SECRETS)
    for (const forms of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
      expect(
        [answers, server.logLines.join('\n'), ...places].filter((text) => text.includes(forms)).length,
      ).toBe(0);
  expect(answers).not.toContain('argon2id');
});
