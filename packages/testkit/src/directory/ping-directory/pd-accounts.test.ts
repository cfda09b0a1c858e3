import { afterEach, describe, expect, it } from 'vitest';
import { ana, bert, closeHouses, read, search, start } from './test/ping-house.ts';

afterEach(closeHouses);

describe('accounts of the in-memory PingDirectory', () => {
  it('are disabled by a flag that takes any case and is not shown unasked', async () => {
    const { client } = await start();
    await client.checkPassword(ana, 'Secret.42');
    await client.modify(ana, [{ operation: 'replace', type: 'ds-pwp-account-disabled', values: ['true'] }]);
    await expect(client.checkPassword(ana, 'Secret.42')).rejects.toMatchObject({ class: 'signOn' });
    expect((await read(client, ana, ['*']))?.has('ds-pwp-account-disabled')).toBe(false);
    expect((await read(client, ana, ['ds-pwp-account-disabled']))?.first('ds-pwp-account-disabled')).toBe(
      'true',
    );
    expect((await search(client, '(ds-pwp-account-disabled=TRUE)')).map(({ dn }) => dn)).toEqual([ana]);
    await expect(
      client.modify(ana, [{ operation: 'replace', type: 'ds-pwp-account-disabled', values: ['maybe'] }]),
    ).rejects.toMatchObject({ code: 'LDAP_INVALID_ATTRIBUTE_SYNTAX' });
  });

  it('are found by when they were changed, to the millisecond', async () => {
    let now = Date.UTC(2026, 5, 1, 12, 0, 0, 1);
    const { directory, client } = await start({}, { now: () => now });
    now += 1;
    directory.edit.modify(bert, { replace: { title: 'Late' } });
    const since = (time: string) => search(client, `(&(objectClass=person)(modifyTimestamp>=${time}))`);
    expect((await since('20260601120000.002Z')).map(({ dn }) => dn)).toEqual([bert]);
    expect(await since('20260601120000.001Z')).toHaveLength(2);
    expect(await since('20260601120000.003Z')).toHaveLength(0);
  });
});
