import { describe, expect, it } from 'vitest';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import { makeLdapClient } from './ldap-client.ts';
import { startScriptedDirectory } from './scripted-directory.ts';

const finish = (exchange: LdapExchange): void => exchange.finish({ resultCode: 0 });

describe('short operations', () => {
  it('share a connection without waiting for one another, whatever the order of the answers', async () => {
    const held: LdapExchange[] = [];
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        held.push(exchange);
        if (held.length < 50) return;
        for (const each of held.reverse()) {
          const dn = each.request.kind === 'deleteRequest' ? each.request.dn : '';
          each.finish({ resultCode: 0, diagnosticMessage: dn });
        }
      },
    });
    using client = makeLdapClient(directory.options());
    const dns = Array.from({ length: 50 }, (_, at) => `cn=${at}`);
    const results = await Promise.all(dns.map((dn) => client.delete(dn)));
    expect(results.map(({ diagnosticMessage }) => diagnosticMessage)).toEqual(dns);
    expect(directory.listener.connections).toHaveLength(1);
    expect(client.server).toBe(`127.0.0.1:${directory.port}`);
  });

  it('send what they were given', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        if (exchange.request.kind === 'compareRequest') exchange.finish({ resultCode: 6 });
        else if (exchange.request.kind === 'extendedRequest') {
          exchange.send({
            kind: 'extendedResponse',
            resultCode: 0,
            matchedDn: '',
            diagnosticMessage: '',
            referrals: [],
            value: Buffer.from('dn:cn=service'),
          });
        } else finish(exchange);
      },
    });
    using client = makeLdapClient(directory.options());
    await client.add('cn=a', [{ type: 'cn', values: ['a', Buffer.from([0xff])] }]);
    await client.modify('cn=a', [{ operation: 'replace', type: 'sn', values: ['Ö'] }]);
    await client.modifyDn('cn=a', 'cn=b', { deleteOldRdn: true, newSuperior: 'ou=x' });
    expect(await client.compare('cn=a', 'sn', 'Ö')).toBe(true);
    const answer = await client.extended(EXTENDED_OID.whoAmI, undefined);
    expect(answer.value?.toString()).toBe('dn:cn=service');
    expect(directory.seen.slice(1)).toEqual([
      {
        kind: 'addRequest',
        dn: 'cn=a',
        attributes: [{ type: 'cn', values: [Buffer.from('a'), Buffer.from([0xff])] }],
      },
      {
        kind: 'modifyRequest',
        dn: 'cn=a',
        changes: [{ operation: 'replace', type: 'sn', values: [Buffer.from('Ö')] }],
      },
      { kind: 'modifyDnRequest', dn: 'cn=a', newRdn: 'cn=b', deleteOldRdn: true, newSuperior: 'ou=x' },
      { kind: 'compareRequest', dn: 'cn=a', attribute: 'sn', value: Buffer.from('Ö') },
      { kind: 'extendedRequest', oid: EXTENDED_OID.whoAmI },
    ]);
  });

  it('reject with what the server said', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) =>
        exchange.finish({
          resultCode: 32,
          matchedDn: 'dc=example',
          referrals: ['ldap://x'],
          diagnosticMessage: 'no',
        }),
    });
    using client = makeLdapClient(directory.options());
    await expect(client.delete('cn=a,dc=example')).rejects.toMatchObject({
      code: 'LDAP_NO_SUCH_OBJECT',
      class: 'gone',
      matchedDn: 'dc=example',
      referrals: ['ldap://x'],
      outcomeUnknown: false,
      server: `127.0.0.1:${directory.port}`,
    });
  });

  it('never repeat a write whose answer was lost, and say that its outcome is unknown', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        if (exchange.request.kind === 'compareRequest') exchange.finish({ resultCode: 6 });
        else exchange.connection.destroy();
      },
    });
    using client = makeLdapClient(directory.options());
    await client.compare('cn=a', 'cn', 'x');
    await expect(client.delete('cn=a')).rejects.toMatchObject({
      code: 'LDAP_CONNECTION_LOST',
      class: 'retry',
      outcomeUnknown: true,
    });
    expect(directory.seen.filter(({ kind }) => kind === 'deleteRequest')).toHaveLength(1);
  });

  it('repeat a read once when the idle connection turns out to be dead', async () => {
    let compares = 0;
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        compares += 1;
        if (compares === 2) exchange.connection.destroy();
        else exchange.finish({ resultCode: 5 });
      },
    });
    using client = makeLdapClient(directory.options());
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(false);
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(false);
    expect(compares).toBe(3);
    expect(directory.seen.filter(({ kind }) => kind === 'bindRequest')).toHaveLength(2);
  });

  it('give up after the time-out, abandon, and drop a connection on which nothing comes at all', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    using client = makeLdapClient(directory.options({ operationTimeoutMs: 80 }));
    await expect(client.delete('cn=a')).rejects.toMatchObject({ code: 'LDAP_TIMEOUT', outcomeUnknown: true });
    await directory.until(({ listener }) => listener.connections.length === 0);
  });

  it('can be aborted, and abandon on the wire', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    using client = makeLdapClient(directory.options());
    const stop = new AbortController();
    const deleting = client.delete('cn=a', { signal: stop.signal });
    await directory.until(({ seen }) => seen.length === 2);
    expect(directory.listener.connections[0]?.pendingRequests).toBe(1);
    stop.abort();
    await expect(deleting).rejects.toMatchObject({ code: 'LDAP_ABORTED' });
    await directory.until(({ listener }) => listener.connections[0]?.pendingRequests === 0);
  });

  it('tell why the server disconnected', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => exchange.connection.disconnect(52, 'shutting down'),
    });
    using client = makeLdapClient(directory.options());
    await expect(client.compare('cn=a', 'cn', 'x')).rejects.toMatchObject({
      code: 'LDAP_CONNECTION_LOST',
      message: expect.stringContaining('unavailable (52): shutting down'),
    });
  });

  it('refuse bytes that are not LDAP', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => exchange.sendRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    });
    using client = makeLdapClient(directory.options());
    await expect(client.compare('cn=a', 'cn', 'x')).rejects.toMatchObject({ code: 'LDAP_PROTOCOL' });
  });

  it('fail at once after close', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    const client = makeLdapClient(directory.options());
    const deleting = client.delete('cn=a');
    await directory.until(({ seen }) => seen.length === 2);
    client.close();
    await expect(deleting).rejects.toMatchObject({ code: 'LDAP_CLOSED', outcomeUnknown: true });
    await expect(client.delete('cn=b')).rejects.toMatchObject({ code: 'LDAP_CLOSED' });
    await directory.until(({ listener }) => listener.connections.length === 0);
  });
});

describe('password checks', () => {
  it('happen on a connection of their own and leave the bound one alone', async () => {
    const binds: [number, string][] = [];
    await using directory = await startScriptedDirectory({
      onRequest: finish,
      onBind: (exchange) => {
        if (exchange.request.kind !== 'bindRequest') return;
        const { dn, authentication } = exchange.request;
        binds.push([exchange.connection.id, dn]);
        const right =
          authentication.kind === 'simple' &&
          ['secret', 'right'].includes(authentication.password.toString());
        exchange.finish({ resultCode: right ? 0 : 49 });
      },
    });
    using client = makeLdapClient(directory.options());
    await client.delete('cn=x');
    expect((await client.checkPassword('cn=ana', 'right')).resultCode).toBe(0);
    await expect(client.checkPassword('cn=ana', 'wrong')).rejects.toMatchObject({
      code: 'LDAP_INVALID_CREDENTIALS',
      class: 'signOn',
      retryable: false,
    });
    expect(binds.map(([, dn]) => dn)).toEqual(['cn=service', 'cn=ana', 'cn=ana']);
    expect(binds[0]?.[0]).not.toBe(binds[1]?.[0]);
    expect(binds[1]?.[0]).toBe(binds[2]?.[0]);
  });

  it('never send an empty password', async () => {
    await using directory = await startScriptedDirectory({});
    using client = makeLdapClient(directory.options());
    await expect(client.checkPassword('cn=ana', '')).rejects.toMatchObject({
      code: 'LDAP_EMPTY_PASSWORD',
      class: 'signOn',
    });
    expect(directory.seen).toEqual([]);
  });

  it('refuse a service account without a password', async () => {
    await using directory = await startScriptedDirectory({});
    using client = makeLdapClient(directory.options({ bind: { dn: 'cn=service', password: '' } }));
    await expect(client.delete('cn=a')).rejects.toMatchObject({ code: 'LDAP_EMPTY_PASSWORD' });
    expect(directory.seen).toEqual([]);
  });
});
