import { clientOf, waitUntil } from '@sallyport/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REAL_SERVERS } from '../house/directory-kind.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

describe.each(REAL_SERVERS)('a server before %s that is restarted', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  test.each(['stop', 'kill'] as const)(
    '(%s) keeps tokens, sealed secrets, gateways, rules and positions',
    async (how) => {
      const story = await house.story(`restart by ${how}`);
      const { people } = story;
      await people.addMany(['ula', 'udo', 'uwe']);
      const { rule } = await story.rule();
      const before = { users: await story.users(), objects: await rule.objects() };
      const { environmentId, clientId, clientSecret, url } = house.server;
      const answer = await fetch(`${url}/${environmentId}/as/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      expect(answer.status).toBe(200);
      const body: unknown = await answer.json();
      const token =
        body !== null && typeof body === 'object' && 'access_token' in body ? body.access_token : '';

      await house.restartServer(how, () => undefined);
      // The old token, the old address, the old secret: nothing has to be told anew.
      const read = await fetch(`${url}/v1/environments/${environmentId}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(read.status).toBe(200);
      await clientOf(house.server).environments.read({ environmentId });
      expect(await story.users()).toEqual(before.users);
      expect(await rule.objects()).toEqual(before.objects);

      // The gateway comes back by itself with its credential, and the bind password is still known.
      await waitUntil(async () => {
        const { _embedded } = await house.api.gateways.listInstances({
          environmentId: story.environmentId,
          gatewayId: story.gateway.gatewayId,
        });
        return _embedded.gatewayInstances.some((instance) => instance.connected);
      }, 'the gateway is back');
      await people.replace(people.dnOf('udo'), { sn: 'Ulrich' });
      const news = await rule.sync('delta');
      expect(news.last).toMatchObject({ type: 'delta', status: 'completed' });
      expect(news.runs.every((run) => run.type === 'delta')).toBe(true);
      expect(await story.user('udo')).toMatchObject({ name: { family: 'Ulrich' } });
      expect((await story.users()).size).toBe(3);
    },
  );

  test('and was told to stop while a gateway is connected ends in good order', async () => {
    await house.story('orderly');
    const ended = await house.server.program.stop();
    expect(ended).toBe(0);
    await house.restartServer('stop');
  });
});
