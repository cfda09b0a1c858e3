import { describe, expect, it } from 'vitest';
import { EntryBatch, type IntermediateItem } from '../entry/entry-batch.ts';
import { EXTENDED_OID } from '../extended/extended-oid.ts';
import type { ExtendedStream } from '../link/directory-link.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import { makeLdapClient } from './ldap-client.ts';
import { type Script, startScriptedDirectory } from './scripted-directory.ts';

const READING = EXTENDED_OID.getChangelogBatch;
/** Nothing is known about it: it may change anything. */
const UNKNOWN = '1.3.6.1.4.1.99999.1';

function answering(count: number): Script {
  return {
    async onRequest(exchange) {
      for (let index = 0; index < count; index += 1) sendItem(exchange, `item ${index}`);
      finish(exchange);
    },
  };
}

function sendItem(exchange: LdapExchange, text: string): void {
  exchange.send({ kind: 'intermediateResponse', oid: '1.2.3', value: text });
}

function finish(exchange: LdapExchange): void {
  const fields = { resultCode: 0, matchedDn: '', diagnosticMessage: '', referrals: [] };
  exchange.send({ kind: 'extendedResponse', ...fields, oid: '1.2.4', value: 'the end' });
}

async function read(stream: ExtendedStream): Promise<IntermediateItem[]> {
  const items: IntermediateItem[] = [];
  for await (const bytes of stream) {
    for (const item of new EntryBatch(bytes).items()) if (item.kind === 'intermediate') items.push(item);
  }
  return items;
}

describe('an extended operation with intermediate responses', () => {
  it('gives them in order, then the final response', async () => {
    await using directory = await startScriptedDirectory(answering(500));
    using client = makeLdapClient(directory.options());
    const control = { oid: '1.2.9', critical: false };
    const stream = client.extendedStream(READING, Buffer.from('asked'), { controls: [control] });
    const items = await read(stream);
    expect(items.map((item) => item.value?.toString())).toEqual(
      Array.from({ length: 500 }, (_, index) => `item ${index}`),
    );
    expect(items[0]?.oid).toBe('1.2.3');
    const outcome = await stream.outcome;
    expect(outcome).toMatchObject({ resultCode: 0, oid: '1.2.4', intermediateCount: 500 });
    expect(outcome.value?.toString()).toBe('the end');
    expect(directory.seen.at(-1)).toMatchObject({ kind: 'extendedRequest', oid: READING });
  });

  it('leaves them out of the plain call', async () => {
    await using directory = await startScriptedDirectory(answering(3));
    using client = makeLdapClient(directory.options());
    expect((await client.extended(READING, undefined)).value?.toString()).toBe('the end');
  });

  it('fails in the loop and in the outcome when the server refuses', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        sendItem(exchange, 'one');
        exchange.finish({ resultCode: 50, diagnosticMessage: 'no right' });
      },
    });
    using client = makeLdapClient(directory.options());
    const stream = client.extendedStream(READING, undefined);
    await expect(read(stream)).rejects.toMatchObject({ code: 'LDAP_INSUFFICIENT_ACCESS_RIGHTS' });
    await expect(stream.outcome).rejects.toMatchObject({ diagnosticMessage: 'no right' });
  });

  it('is abandoned at the server when aborted or left', async () => {
    const running: AbortSignal[] = [];
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        running.push(exchange.signal);
        sendItem(exchange, 'one');
      },
    });
    using client = makeLdapClient(directory.options());
    const controller = new AbortController();
    const stream = client.extendedStream(READING, undefined, { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stream) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'LDAP_ABORTED', outcomeUnknown: false });
    for await (const _ of client.extendedStream(READING, undefined)) break;
    await directory.until(() => running.length === 2 && running.every((signal) => signal.aborted));
  });

  it('holds a fast server back when the reader is slow', async () => {
    const payload = 'x'.repeat(64 * 1024);
    let sent = 0;
    let isDone = false;
    await using directory = await startScriptedDirectory({
      async onRequest(exchange) {
        for (; sent < 500 && !exchange.signal.aborted; sent += 1) {
          sendItem(exchange, payload);
          await exchange.drained();
        }
        isDone = true;
        finish(exchange);
      },
    });
    using client = makeLdapClient(directory.options());
    const stream = client.extendedStream(READING, undefined);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    let before = -1;
    // The server stands still once the buffers between the two are full.
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(isDone).toBe(false);
    expect(sent).toBeLessThan(400);
    let count = 0;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) break;
      count += [...new EntryBatch(value).items()].length;
    }
    expect((await stream.outcome).intermediateCount).toBe(500);
    expect(count).toBeGreaterThan(400);
  });

  it('says that the outcome is unknown when the connection breaks, unless the operation only reads', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => exchange.connection.destroy(),
    });
    using client = makeLdapClient(directory.options());
    await expect(read(client.extendedStream(UNKNOWN, undefined))).rejects.toMatchObject({
      code: 'LDAP_CONNECTION_LOST',
      outcomeUnknown: true,
    });
    await expect(read(client.extendedStream(READING, undefined))).rejects.toMatchObject({
      code: 'LDAP_CONNECTION_LOST',
      outcomeUnknown: false,
    });
  });

  it('may be given a longer silence than searches have', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) =>
        new Promise((resolve) => setTimeout(resolve, 150)).then(() => finish(exchange)),
    });
    using client = makeLdapClient(directory.options({ searchSilenceMs: 30 }));
    await expect(read(client.extendedStream(READING, undefined))).rejects.toMatchObject({
      code: 'LDAP_TIMEOUT',
    });
    await expect(
      read(client.extendedStream(READING, undefined, { silenceTimeoutMs: 5_000 })),
    ).resolves.toEqual([]);
  });
});
