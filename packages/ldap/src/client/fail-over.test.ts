import { describe, expect, it } from 'vitest';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import type { LdapClientEvent } from './client-options.ts';
import { makeLdapClient } from './ldap-client.ts';
import { startScriptedDirectory } from './scripted-directory.ts';

const finish = (exchange: LdapExchange): void =>
  exchange.finish({ resultCode: exchange.request.kind === 'compareRequest' ? 6 : 0 });
const local = (port: number) => ({ host: '127.0.0.1', port });

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const directory = await startScriptedDirectory({});
  await directory.listener.close();
  return directory.port;
}

describe('fail-over', () => {
  it('goes to the next server when the preferred one is down', async () => {
    await using second = await startScriptedDirectory({ onRequest: finish });
    const down = await freePort();
    using client = makeLdapClient(second.options({ servers: [local(down), local(second.port)] }));
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
    expect(client.server).toBe(`127.0.0.1:${second.port}`);
  });

  it('goes on with another server after the one in use dies, and returns when it is back', async () => {
    const first = await startScriptedDirectory({ onRequest: finish });
    await using second = await startScriptedDirectory({ onRequest: finish });
    const events: LdapClientEvent[] = [];
    using client = makeLdapClient(
      second.options({
        servers: [local(first.port), local(second.port)],
        failBackMs: 0,
        onEvent: (event) => events.push(event),
      }),
    );
    const search = async (): Promise<void> => {
      const stream = client.search({
        base: '',
        scope: 'sub',
        filter: { kind: 'present', attribute: 'cn' },
        attributes: [],
      });
      for await (const bytes of stream) expect(bytes.length).toBe(0);
    };
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
    expect(client.server).toBe(`127.0.0.1:${first.port}`);
    await first.listener.close();
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
    expect(client.server).toBe(`127.0.0.1:${second.port}`);
    await search();
    await using back = await startScriptedDirectory({ onRequest: finish, port: first.port });
    await expect
      .poll(async () => {
        await client.compare('cn=a', 'cn', 'x');
        return client.server;
      })
      .toBe(`127.0.0.1:${back.port}`);
    await client.compare('cn=a', 'cn', 'x');
    // A search's own connection to the second server lies idle: what is read and written belongs on one server.
    await search();
    expect(back.seen.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['compareRequest', 'searchRequest']),
    );
    expect(events.filter(({ kind }) => kind === 'serverChanged')).toHaveLength(2);
  });

  it('names every server and its fault when none can be used', async () => {
    const [one, two] = [await freePort(), await freePort()];
    using client = makeLdapClient({ servers: [local(one), local(two)], security: 'none' });
    await expect(client.compare('cn=a', 'cn', 'x')).rejects.toMatchObject({
      code: 'LDAP_HOST_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(new RegExp(`${one}.*${two}`)),
    });
  });

  it('moves on from a server that is too busy to bind', async () => {
    await using busy = await startScriptedDirectory({ onBind: (bind) => bind.finish({ resultCode: 51 }) });
    await using second = await startScriptedDirectory({ onRequest: finish });
    using client = makeLdapClient(second.options({ servers: [local(busy.port), local(second.port)] }));
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
  });

  it('does not hammer a server that just failed', async () => {
    await using busy = await startScriptedDirectory({ onBind: (bind) => bind.finish({ resultCode: 51 }) });
    using client = makeLdapClient(busy.options());
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(client.delete('cn=a')).rejects.toMatchObject({ code: 'LDAP_BUSY', class: 'retry' });
    }
    // The second caller waits out the first, short pause and tries; the pause after that is longer, and the rest are told at once.
    expect(busy.seen).toHaveLength(2);
    await expect
      .poll(async () => {
        await client.delete('cn=a').catch(() => undefined);
        return busy.seen.length;
      })
      .toBe(3);
  });

  it('tries a wrong bind password once, on one server, so that the account is not locked out', async () => {
    const refuse = (bind: LdapExchange): void => bind.finish({ resultCode: 49, diagnosticMessage: 'wrong' });
    await using first = await startScriptedDirectory({ onBind: refuse });
    await using second = await startScriptedDirectory({ onBind: refuse });
    using client = makeLdapClient(first.options({ servers: [local(first.port), local(second.port)] }));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(client.delete('cn=a')).rejects.toMatchObject({
        code: 'LDAP_BIND_REFUSED',
        class: 'configuration',
        retryable: false,
        resultCode: 49,
      });
    }
    expect(first.seen).toHaveLength(1);
    expect(second.seen).toHaveLength(0);
  });

  it('makes one connection for many callers that come at once', async () => {
    await using directory = await startScriptedDirectory({ onRequest: finish });
    using client = makeLdapClient(directory.options());
    await Promise.all(Array.from({ length: 30 }, () => client.compare('cn=a', 'cn', 'x')));
    expect(directory.seen.filter(({ kind }) => kind === 'bindRequest')).toHaveLength(1);
  });
});
