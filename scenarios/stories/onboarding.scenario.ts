import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '@sallyport/contract';
import { waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SERVERS } from '../house/directory-kind.ts';
import { ldifLine } from '../house/people.ts';
import type { Story } from '../house/story.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

const RIGHT = 'Right.Pass-word-1';
const WRONG = 'Wrong.Pass-word-2';
const OTHERS = 'Others.Pass-word-3';

/** As an administrator of the directory sets it: Active Directory takes it over TLS alone, quoted, in UTF-16. */
async function setPassword({ tools, spelling }: StoryHouse, dn: string, password: string): Promise<void> {
  const head = `${ldifLine('dn', dn)}changetype: modify\n`;
  if (!spelling.isActiveDirectory) {
    await tools.modify(`${head}replace: userPassword\n${ldifLine('userPassword', password)}-\n`);
    return;
  }
  const value = Buffer.from(`"${password}"`, 'utf16le').toString('base64');
  await tools.modifySecurely(`${head}replace: unicodePwd\nunicodePwd:: ${value}\n-\n`);
}

/** The user type through which the story's users sign on. */
async function addUserType({ api, directory, spelling }: StoryHouse, story: Story): Promise<void> {
  const key = { environmentId: story.environmentId, gatewayId: story.gateway.gatewayId };
  const gateway = await api.gateways.read(key);
  await api.gateways.replace({
    ...key,
    body: {
      name: gateway.name,
      type: 'LDAP',
      enabled: true,
      vendor: gateway.vendor,
      serversHostAndPort: gateway.serversHostAndPort,
      bindDN: gateway.bindDN,
      userTypes: [
        {
          name: 'Staff',
          passwordAuthority: 'LDAP',
          searchBaseDn: directory.baseDn,
          orderedCorrelationAttributes: [spelling.keyAttribute],
        },
      ],
    },
  });
}

/** Every file of the server and everything that the programs have said, byte for byte. */
function traces(house: StoryHouse, story: Story): string {
  const { folder, program } = house.server;
  return [
    ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')),
    program.output(),
    ...story.instances.map((instance) => instance.output()),
  ].join('\n');
}

describe.each(ALL_SERVERS)('new people from %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind, { server: { environment: { SALLYPORT_LOG_LEVEL: 'debug' } } });
  });
  afterAll(() => house?.close());

  /** How a check of a password ends: the state, or the code of the refusal. */
  const checkId = async (story: Story, userId: string, password: string): Promise<string> => {
    const { environmentId } = story;
    try {
      const state = await house.api.passwords.check({ environmentId, userId, body: { password } });
      return state.status;
    } catch (error) {
      if (error instanceof ApiError) return error.details[0]?.code ?? error.code;
      throw error;
    }
  };
  const check = async (story: Story, username: string, password: string): Promise<string> =>
    checkId(story, (await story.user(username)).id, password);

  test('get a default password that they have to change, and the population the directory says', async () => {
    const story = await house.story('onboarding');
    const { environmentId } = story;
    const number = house.spelling.employeeNumberAttribute;
    await story.people.add('nora', { [number]: 'K7-4711', title: 'Sales' });
    await story.people.add('nils', { [number]: 'K7-4712', title: 'Atlantis' });
    await story.people.add('nemo', { title: 'Sales' });
    const sales = await house.api.populations.create({ environmentId, body: { name: 'Sales' } });
    const { rule, load } = await story.rule({
      configuration: {
        DEFAULT_PASSWORD_EXPRESSION: `${number} == null ? null : 'Hello-' + ${number} + '!'`,
        POPULATION_EXPRESSION: 'title',
      },
    });
    expect(load.counts).toMatchObject({ created: 1, failed: 2 });
    expect((await story.user('nora')).population.id).toBe(sales.id);
    expect(await check(story, 'nora', 'Hello-K7-4711!')).toBe('MUST_CHANGE_PASSWORD');
    expect(await check(story, 'nora', 'Hello-K7-4712!')).toBe('INVALID_VALUE');
    const failed = new Map((await rule.changes(load.id, 'failed')).map((one) => [one.label, one.reason]));
    expect(failed.get('nils')).toMatch(/"Atlantis": no population .* there are "Default", "Sales"$/);
    expect(failed.get('nemo')).toContain('DEFAULT_PASSWORD_EXPRESSION');

    // What was missing is added: they are made by the next poll, without a full run.
    await house.api.populations.create({ environmentId, body: { name: 'Atlantis' } });
    await story.people.replace(story.people.dnOf('nils'), { sn: 'Holgersson' });
    await story.people.replace(story.people.dnOf('nemo'), { [number]: 'K7-4713' });
    const { last } = await rule.sync('delta');
    expect(last.type).toBe('delta');
    expect(await check(story, 'nils', 'Hello-K7-4712!')).toBe('MUST_CHANGE_PASSWORD');
    const { id: userId } = await story.user('nemo');
    await house.api.passwords.reset({
      environmentId,
      userId,
      body: { currentPassword: 'Hello-K7-4713!', newPassword: OTHERS },
    });
    expect(await check(story, 'nemo', OTHERS)).toBe('OK');
    expect(await check(story, 'nemo', 'Hello-K7-4713!')).toBe('INVALID_VALUE');

    const kept = traces(house, story);
    for (const secret of ['Hello-K7', OTHERS]) expect(kept.includes(secret), secret).toBe(false);
  });

  test('sign on with the password of the directory, wherever there they are', async () => {
    const story = await house.story('sign-on');
    const ana = await story.people.add('ana');
    await setPassword(house, ana, RIGHT);
    await addUserType(house, story);
    const { rule, load } = await story.rule({ configuration: { AUTHENTICATE_VIA_AD_LDAP: true } });
    expect(load.counts).toMatchObject({ created: 1, failed: 0 });
    const { environmentId } = story;
    const { id: userId } = await story.user('ana');
    const state = await house.api.passwords.read({ environmentId, userId });
    expect(state.status).toBe('EXTERNAL');
    expect(Object.keys(state.external?.gateway.correlationAttributes ?? {})).toEqual([
      house.spelling.keyAttribute,
    ]);

    expect(await checkId(story, userId, RIGHT)).toBe('EXTERNAL');
    expect(await checkId(story, userId, WRONG)).toBe('INVALID_VALUE');
    expect(await checkId(story, userId, '')).toBe('INVALID_VALUE');

    // Another name in another place, and nobody has told us yet.
    const unit = await story.people.addUnit('Elsewhere');
    const renamed = await story.people.rename(ana, 'ana.silva');
    const moved = await story.people.move(renamed, unit);
    expect(await checkId(story, userId, RIGHT)).toBe('EXTERNAL');

    // What the directory knows of the account, it says at the next sign-on: no run is needed.
    await setPassword(house, moved, OTHERS);
    // Active Directory goes on taking the one before for an hour, by its own rules.
    if (!house.spelling.isActiveDirectory) expect(await checkId(story, userId, RIGHT)).toBe('INVALID_VALUE');
    expect(await checkId(story, userId, OTHERS)).toBe('EXTERNAL');
    if (house.spelling.isActiveDirectory) {
      await story.people.replace(moved, { pwdLastSet: '0' });
      expect(await checkId(story, userId, OTHERS)).toBe('MUST_CHANGE_PASSWORD');
      await story.people.replace(moved, { pwdLastSet: '-1' });
      await story.people.disable(moved);
      expect(await checkId(story, userId, OTHERS)).toBe('ACCOUNT_NOT_USABLE');
      await story.people.enable(moved);
      // The rule may have disabled the user too, and enables them again.
      await waitUntil(
        async () => (await checkId(story, userId, OTHERS)) === 'EXTERNAL',
        'the enabled account signs on again',
      );
    }

    // No gateway says nothing of a password, neither of the right nor of a wrong one.
    await story.stopInstances();
    await waitUntil(
      async () => (await checkId(story, userId, WRONG)) === 'GATEWAY_NOT_CONNECTED',
      'the server has noticed that its gateway is gone',
    );
    await story.startInstance();
    expect(await checkId(story, userId, OTHERS)).toBe('EXTERNAL');

    await story.people.remove(moved);
    const gone = await checkId(story, userId, OTHERS);
    expect(['DIRECTORY_USER_NOT_FOUND', 'ACCOUNT_NOT_USABLE']).toContain(gone);

    const journal = JSON.stringify(await Promise.all((await rule.runs()).map((run) => rule.changes(run.id))));
    const kept = traces(house, story) + journal;
    for (const secret of [RIGHT, WRONG, OTHERS]) expect(kept.includes(secret), secret).toBe(false);
  });
});
