import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startScriptedDirectory } from '../client/scripted-directory.ts';
import { TEST_CERTIFICATE } from '../client/test-certificate.ts';
import { encodeCancel } from '../extended/cancel.ts';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import type { LdapMessage, LdapRequest } from '../message/message.ts';
import { decodeMessage, encodeMessage } from '../message/message-codec.ts';
import { MessageCursor } from '../message/message-cursor.ts';
import { MessageFramer } from '../message/message-framer.ts';

/** A bare peer that sends what it is told and shows what comes back. */
async function dial(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  const framer = new MessageFramer(1 << 20);
  const received: LdapMessage<Buffer>[] = [];
  socket.on('data', (chunk) => {
    for (const whole of framer.push(chunk)) {
      const cursor = new MessageCursor(whole);
      while (cursor.next()) received.push(decodeMessage(whole.subarray(cursor.start, cursor.end)));
    }
  });
  await once(socket, 'connect');
  const encode = (messageId: number, op: LdapRequest): Buffer =>
    encodeMessage({ messageId, op, controls: [] });
  return {
    received,
    send: (...requests: [number, LdapRequest][]) =>
      socket.write(Buffer.concat(requests.map((each) => encode(...each)))),
    sendRaw: (bytes: Buffer) => socket.write(bytes),
    closed: once(socket, 'close'),
    [Symbol.dispose]: () => socket.destroy(),
  };
}

const remove = (dn: string): LdapRequest => ({ kind: 'deleteRequest', dn });
const notice = { kind: 'extendedResponse', oid: EXTENDED_OID.noticeOfDisconnection, resultCode: 2 };

describe('the listener', () => {
  it('answers requests that come in one packet and drops what is answered twice', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        exchange.finish({ resultCode: 0 });
        exchange.finish({ resultCode: 1 });
      },
    });
    using peer = await dial(directory.port);
    peer.send([1, remove('a')], [2, remove('b')], [3, { kind: 'unbindRequest' }]);
    await peer.closed;
    expect(peer.received.map(({ messageId, op }) => [messageId, op.kind])).toEqual([
      [1, 'deleteResponse'],
      [2, 'deleteResponse'],
    ]);
  });

  it('answers a handler that throws with "other" and goes on', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: async (exchange) => {
        await exchange.drained();
        if (exchange.request.kind === 'deleteRequest' && exchange.request.dn === 'bad')
          throw new Error('bug');
        exchange.finish({ resultCode: 0 });
      },
    });
    using peer = await dial(directory.port);
    peer.send([1, remove('bad')], [2, remove('good')]);
    await expect.poll(() => peer.received.length).toBe(2);
    const codes = new Map(
      peer.received.map(({ messageId, op }) => [messageId, 'resultCode' in op && op.resultCode]),
    );
    expect([codes.get(1), codes.get(2)]).toEqual([80, 0]);
  });

  it('cancels an operation and answers both (RFC 3909)', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    using peer = await dial(directory.port);
    peer.send([1, remove('a')]);
    peer.send([2, { kind: 'extendedRequest', oid: EXTENDED_OID.cancel, value: encodeCancel(1) }]);
    peer.send([3, { kind: 'extendedRequest', oid: EXTENDED_OID.cancel, value: encodeCancel(1) }]);
    await expect.poll(() => peer.received.length).toBe(3);
    expect(
      peer.received.map(({ messageId, op }) => [messageId, 'resultCode' in op && op.resultCode]),
    ).toEqual([
      [1, 118],
      [2, 0],
      [3, 119],
    ]);
  });

  it.each([
    ['what is not LDAP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a request over the limit', Buffer.from('30847fffffff', 'hex')],
    [
      'a response',
      encodeMessage({ messageId: 1, op: { kind: 'searchReference', uris: ['x'] }, controls: [] }),
    ],
    ['message id 0', encodeMessage({ messageId: 0, op: remove('a'), controls: [] })],
  ])('says goodbye to a peer that sends %s', async (_, bytes) => {
    await using directory = await startScriptedDirectory({});
    using peer = await dial(directory.port);
    peer.sendRaw(bytes);
    await peer.closed;
    expect(peer.received.map(({ op }) => op)).toEqual([expect.objectContaining(notice)]);
  });

  it('refuses requests smuggled in behind StartTLS', async () => {
    const { cert, key } = TEST_CERTIFICATE;
    await using directory = await startScriptedDirectory({ tls: { cert, key, mode: 'startTls' } });
    using peer = await dial(directory.port);
    peer.send([1, { kind: 'extendedRequest', oid: EXTENDED_OID.startTls }], [2, remove('a')]);
    await peer.closed;
    expect(directory.seen).toEqual([]);
    expect(peer.received.map(({ op }) => op)).toEqual([expect.objectContaining(notice)]);
  });
});
