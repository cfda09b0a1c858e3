import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../message/message-codec.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import type { ListenerTls } from '../server/ldap-listener.ts';
import { makeLdapClient } from './ldap-client.ts';
import { startScriptedDirectory } from './scripted-directory.ts';
import { TEST_CERTIFICATE } from './test-certificate.ts';

const { ca, cert, key } = TEST_CERTIFICATE;
const tlsOf = (mode: ListenerTls['mode']): ListenerTls => ({ cert, key, mode });

function answer(secure: boolean[]): (exchange: LdapExchange) => void {
  return (exchange) => {
    secure.push(exchange.connection.secure);
    exchange.finish({ resultCode: exchange.request.kind === 'compareRequest' ? 6 : 0 });
  };
}

describe('TLS', () => {
  it.each([
    ['ldaps', 'implicit'],
    ['startTls', 'startTls'],
  ] as const)('protects bind and operations with %s and a CA of its own', async (security, mode) => {
    const secure: boolean[] = [];
    await using directory = await startScriptedDirectory({
      onRequest: answer(secure),
      onBind: answer(secure),
      tls: tlsOf(mode),
    });
    using client = makeLdapClient(directory.options({ security, tls: { ca } }));
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
    expect(secure).toEqual([true, true]);
    const [report] = await client.testConnection();
    expect(report).toMatchObject({ ok: true, tls: { protocol: 'TLSv1.3' } });
  });

  it.each(['ldaps', 'startTls'] as const)(
    'sends no password to an untrusted server (%s)',
    async (security) => {
      const tls = tlsOf(security === 'ldaps' ? 'implicit' : 'startTls');
      await using directory = await startScriptedDirectory({ tls });
      using client = makeLdapClient(directory.options({ security }));
      await expect(client.delete('cn=a')).rejects.toMatchObject({
        code: 'LDAP_TLS_UNTRUSTED',
        class: 'configuration',
        retryable: false,
      });
      expect(directory.seen).toEqual([]);
    },
  );

  it('checks the name in the certificate', async () => {
    await using directory = await startScriptedDirectory({ onRequest: answer([]), tls: tlsOf('implicit') });
    using wrong = makeLdapClient(
      directory.options({ security: 'ldaps', tls: { ca, servername: 'dc2.test.example' } }),
    );
    await expect(wrong.delete('cn=a')).rejects.toMatchObject({
      code: 'LDAP_TLS_UNTRUSTED',
      message: expect.stringContaining('another name'),
    });
    using right = makeLdapClient(
      directory.options({ security: 'ldaps', tls: { ca, servername: 'dc1.test.example' } }),
    );
    expect(await right.compare('cn=a', 'cn', 'x')).toBe(true);
  });

  it('goes without the check only if told to', async () => {
    await using directory = await startScriptedDirectory({ onRequest: answer([]), tls: tlsOf('implicit') });
    using client = makeLdapClient(directory.options({ security: 'ldaps', tls: { allowUntrusted: true } }));
    expect(await client.compare('cn=a', 'cn', 'x')).toBe(true);
  });

  it('never goes on in the clear when StartTLS is refused', async () => {
    await using directory = await startScriptedDirectory({});
    using client = makeLdapClient(directory.options({ security: 'startTls', tls: { ca } }));
    await expect(client.delete('cn=a')).rejects.toMatchObject({
      code: 'LDAP_START_TLS_REFUSED',
      resultCode: 2,
      class: 'configuration',
    });
    expect(directory.seen).toEqual([]);
  });

  it('refuses data that an attacker slips in before the handshake', async () => {
    const agreed = encodeMessage({
      messageId: 1,
      op: { kind: 'extendedResponse', resultCode: 0, matchedDn: '', diagnosticMessage: '', referrals: [] },
      controls: [],
    });
    const beginOfAnother = Buffer.from('3006020107', 'hex');
    const hostile = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.write(Buffer.concat([agreed, beginOfAnother])));
    });
    hostile.listen(0, '127.0.0.1');
    await once(hostile, 'listening');
    const address = hostile.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    using client = makeLdapClient({
      servers: [{ host: '127.0.0.1', port }],
      security: 'startTls',
      tls: { ca },
    });
    await expect(client.delete('cn=a')).rejects.toMatchObject({
      code: 'LDAP_PROTOCOL',
      message: expect.stringContaining('in the clear'),
    });
    hostile.close();
  });

  it('tells a port that does not speak TLS from one that is closed', async () => {
    await using directory = await startScriptedDirectory({});
    using client = makeLdapClient(directory.options({ security: 'ldaps', tls: { ca } }));
    await expect(client.delete('cn=a')).rejects.toMatchObject({ code: 'LDAP_TLS_FAILED' });
  });

  it('says what is wrong with each server', async () => {
    await using directory = await startScriptedDirectory({ tls: tlsOf('implicit') });
    using client = makeLdapClient({
      servers: [
        { host: '127.0.0.1', port: directory.port },
        { host: 'no-such-host.invalid', port: 636 },
      ],
      security: 'ldaps',
    });
    const reports = await client.testConnection();
    expect(reports.map(({ ok, error }) => [ok, error?.code])).toEqual([
      [false, 'LDAP_TLS_UNTRUSTED'],
      [false, 'LDAP_HOST_UNKNOWN'],
    ]);
  });

  it('does not wait longer than the connect time-out for a server that says nothing', async () => {
    await using directory = await startScriptedDirectory({ onBind: () => undefined });
    using client = makeLdapClient(directory.options({ connectTimeoutMs: 60 }));
    await expect(client.delete('cn=a')).rejects.toMatchObject({ code: 'LDAP_TIMEOUT' });
  });
});
