import { describe, expect, it } from 'vitest';
import { CONTROL_OID } from '../control/control-oid.ts';
import { findControl } from '../control/find-control.ts';
import { makePagedResultsControl, parsePagedResultsControl } from '../control/paged-results.ts';
import { EntryBatch } from '../entry/entry-batch.ts';
import type { SearchRequest, SearchStream } from '../link/directory-link.ts';
import { encodeMessage } from '../message/message-codec.ts';
import type { LdapExchange } from '../server/ldap-exchange.ts';
import { makeLdapClient } from './ldap-client.ts';
import { makeEntry, type Script, startScriptedDirectory } from './scripted-directory.ts';

const REQUEST: SearchRequest = {
  base: 'dc=example',
  scope: 'sub',
  filter: { kind: 'present', attribute: 'objectClass' },
  attributes: ['cn'],
};

/** A directory that answers a paged search with these pages of DNs. */
function pagesOf(pages: readonly (readonly string[])[], asked: number[] = []): Script {
  return {
    onRequest: (exchange) => {
      const cookie = cookieOf(exchange);
      asked.push(cookie);
      for (const dn of pages[cookie] ?? []) exchange.send(makeEntry(dn));
      finishPage(exchange, cookie + 1 < pages.length ? String(cookie + 1) : '');
    },
  };
}

function cookieOf(exchange: LdapExchange): number {
  const control = findControl(exchange.controls, CONTROL_OID.pagedResults);
  return control === undefined ? 0 : Number(parsePagedResultsControl(control).cookie.toString() || '0');
}

function finishPage(exchange: LdapExchange, cookie: string): void {
  exchange.finish({
    resultCode: 0,
    controls: [makePagedResultsControl({ size: 0, cookie: Buffer.from(cookie) })],
  });
}

async function readDns(stream: SearchStream): Promise<string[]> {
  const dns: string[] = [];
  for await (const bytes of stream) for (const entry of new EntryBatch(bytes).entries()) dns.push(entry.dn);
  return dns;
}

describe('a streamed search', () => {
  it('goes on after pages without entries until no cookie comes back', async () => {
    await using directory = await startScriptedDirectory(pagesOf([['a'], [], [], ['b', 'c'], []]));
    using client = makeLdapClient(directory.options());
    const stream = client.search(REQUEST);
    expect(await readDns(stream)).toEqual(['a', 'b', 'c']);
    expect(await stream.outcome).toMatchObject({ resultCode: 0, entryCount: 3, pages: 5 });
  });

  it('passes references and intermediate responses on, in order', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        exchange.send(makeEntry('a'));
        exchange.send({ kind: 'searchReference', uris: ['ldap://other/dc=x'] });
        exchange.send({ kind: 'intermediateResponse', oid: '1.2', value: Buffer.from('v') });
        exchange.send(makeEntry('b'));
        exchange.finish({ resultCode: 0 });
      },
    });
    using client = makeLdapClient(directory.options());
    const kinds: string[] = [];
    const stream = client.search(REQUEST);
    for await (const bytes of stream) for (const item of new EntryBatch(bytes).items()) kinds.push(item.kind);
    expect(kinds).toEqual(['entry', 'reference', 'intermediate', 'entry']);
    expect((await stream.outcome).entryCount).toBe(2);
  });

  it('asks for a further page only as its data is taken', async () => {
    const value = 'x'.repeat(40_000);
    const page = Array.from({ length: 10 }, (_, at) => `${at}-${value}`);
    const asked: number[] = [];
    await using directory = await startScriptedDirectory(pagesOf(Array(20).fill(page), asked));
    using client = makeLdapClient(directory.options());
    const iterator = client.search(REQUEST)[Symbol.asyncIterator]();
    await iterator.next();
    // An answer on another connection: by then page one has come, and waits here, over the low-water mark.
    const answered = () => client.compare('cn=other', 'cn', 'x').catch(() => undefined);
    await answered();
    await iterator.next();
    await answered();
    expect(asked.filter((cookie) => cookie > 0)).toEqual([]);
    let taken = 2;
    while (!(await iterator.next()).done) taken += 1;
    expect(taken).toBeGreaterThan(20);
    expect(new Set(asked).size).toBe(20);
  });

  it('holds a fast server back when the consumer is slow', async () => {
    const entry = makeEntry('cn=big', { cn: ['x'.repeat(100_000)] });
    let sent = 0;
    await using directory = await startScriptedDirectory({
      onRequest: async (exchange) => {
        for (; sent < 400; sent += 1) {
          exchange.send(entry);
          await exchange.drained();
        }
        exchange.finish({ resultCode: 0 });
      },
    });
    using client = makeLdapClient(directory.options());
    const stream = client.search(REQUEST);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    // The server gets stuck once the buffers on the way are full; see that it makes no more headway.
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(200);
    while (!(await iterator.next()).done);
    expect(sent).toBe(400);
    expect((await stream.outcome).entryCount).toBe(400);
  });

  it('reports a connection that breaks in the middle, after what had come', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: async (exchange) => {
        exchange.send(makeEntry('a'));
        await exchange.drained();
        exchange.connection.close();
      },
    });
    using client = makeLdapClient(directory.options());
    const stream = client.search(REQUEST);
    const dns: string[] = [];
    const reading = (async () => {
      for await (const bytes of stream)
        for (const entry of new EntryBatch(bytes).entries()) dns.push(entry.dn);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'LDAP_CONNECTION_LOST', retryable: true });
    await expect(stream.outcome).rejects.toMatchObject({ code: 'LDAP_CONNECTION_LOST' });
    expect(dns).toEqual(['a']);
  });

  it('never takes a failed later page for the end', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        if (cookieOf(exchange) === 0) {
          exchange.send(makeEntry('a'));
          finishPage(exchange, '1');
        } else {
          exchange.finish({ resultCode: 53, diagnosticMessage: 'cookie gone' });
        }
      },
    });
    using client = makeLdapClient(directory.options());
    await expect(readDns(client.search(REQUEST))).rejects.toMatchObject({
      code: 'LDAP_UNWILLING_TO_PERFORM',
      message: expect.stringContaining('cookie gone'),
    });
  });

  it('abandons the search when the reader leaves, and when it is aborted', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => exchange.send(makeEntry('a')),
    });
    using client = makeLdapClient(directory.options());
    const left = client.search(REQUEST);
    for await (const bytes of left) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    expect((await left.outcome).resultCode).toBe(118);
    const stop = new AbortController();
    const aborted = client.watch(REQUEST, { signal: stop.signal });
    const reading = readDns(aborted);
    await directory.until(({ seen }) => seen.filter(({ kind }) => kind === 'searchRequest').length === 2);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'LDAP_ABORTED' });
    await directory.until(({ listener }) =>
      listener.connections.every(({ pendingRequests }) => pendingRequests === 0),
    );
  });

  it('closes the connection of a search left between pages, whose rest the server still holds', async () => {
    await using directory = await startScriptedDirectory(pagesOf([['a'], ['b']]));
    using client = makeLdapClient(directory.options());
    const iterator = client.search(REQUEST)[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    await directory.until(({ listener }) => listener.connections.length === 0);
  });

  it('abandons a base search without giving up the connection that it shares', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    using client = makeLdapClient(directory.options());
    const stop = new AbortController();
    const reading = readDns(client.search({ ...REQUEST, scope: 'base' }, { signal: stop.signal }));
    await directory.until(({ seen }) => seen.length === 2);
    const [connection] = directory.listener.connections;
    expect(connection?.pendingRequests).toBe(1);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'LDAP_ABORTED' });
    await directory.until(() => connection?.pendingRequests === 0);
    expect(directory.listener.connections).toEqual([connection]);
  });

  it('keeps the results of searches apart that share a connection and come in one packet', async () => {
    const held: LdapExchange[] = [];
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        held.push(exchange);
        if (held.length < 3) return;
        const entries = held.map(({ messageId, request }) => {
          const dn = request.kind === 'searchRequest' ? request.base : '';
          return encodeMessage({ messageId, op: makeEntry(dn), controls: [] });
        });
        exchange.sendRaw(Buffer.concat([...entries, ...entries]));
        for (const each of held) each.finish({ resultCode: 0 });
      },
    });
    using client = makeLdapClient(directory.options());
    const bases = ['cn=a', 'cn=b', 'cn=c'];
    const found = await Promise.all(
      bases.map((base) => readDns(client.search({ ...REQUEST, base, scope: 'base' }))),
    );
    expect(found).toEqual(bases.map((base) => [base, base]));
  });

  it('delivers a watched change at once', async () => {
    let change: (() => void) | undefined;
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        change = () => exchange.send(makeEntry('cn=changed'));
      },
    });
    using client = makeLdapClient(directory.options());
    const stop = new AbortController();
    const iterator = client.watch(REQUEST, { signal: stop.signal })[Symbol.asyncIterator]();
    const first = iterator.next();
    await directory.until(() => change !== undefined);
    change?.();
    const { value } = await first;
    expect([...new EntryBatch(value ?? Buffer.alloc(0)).entries()].map(({ dn }) => dn)).toEqual([
      'cn=changed',
    ]);
    stop.abort();
  });

  it('keeps to the size limit over pages and says that there was more', async () => {
    const asked: number[] = [];
    await using directory = await startScriptedDirectory(pagesOf([['a', 'b'], ['c', 'd'], ['e']], asked));
    using client = makeLdapClient(directory.options());
    const stream = client.search({ ...REQUEST, pageSize: 2, sizeLimit: 4 });
    expect(await readDns(stream)).toEqual(['a', 'b', 'c', 'd']);
    expect(await stream.outcome).toMatchObject({ resultCode: 4, entryCount: 4, pages: 2 });
    expect(asked).toEqual([0, 1]);
  });

  it('sends no paging control where none is wanted, and time limits only as asked', async () => {
    const controls: number[] = [];
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => {
        controls.push(exchange.controls.length);
        exchange.finish({ resultCode: 0 });
      },
    });
    using client = makeLdapClient(directory.options());
    await readDns(client.search({ ...REQUEST, pageSize: 0 }));
    await readDns(client.search({ ...REQUEST, scope: 'base' }));
    await readDns(client.search({ ...REQUEST, timeLimitSeconds: 7 }));
    expect(controls).toEqual([0, 0, 1]);
    expect(
      directory.seen.flatMap((op) => (op.kind === 'searchRequest' ? [op.timeLimitSeconds] : [])),
    ).toEqual([0, 0, 7]);
  });

  it('ends a search that has gone silent', async () => {
    await using directory = await startScriptedDirectory({ onRequest: () => undefined });
    using client = makeLdapClient(directory.options({ searchSilenceMs: 60 }));
    await expect(readDns(client.search(REQUEST))).rejects.toMatchObject({ code: 'LDAP_TIMEOUT' });
  });

  it('reuses a connection after a complete search and replaces one that died meanwhile', async () => {
    let connections = 0;
    await using directory = await startScriptedDirectory({
      ...pagesOf([['a']]),
      onConnection: () => {
        connections += 1;
      },
    });
    using client = makeLdapClient(directory.options());
    await readDns(client.search(REQUEST));
    await readDns(client.search(REQUEST));
    expect(connections).toBe(1);
    for (const connection of directory.listener.connections) connection.destroy();
    expect(await readDns(client.search(REQUEST))).toEqual(['a']);
    expect(connections).toBe(2);
  });

  it('says so when every connection stays in use', async () => {
    await using directory = await startScriptedDirectory({
      onRequest: (exchange) => exchange.send(makeEntry('a')),
    });
    using client = makeLdapClient(directory.options({ maxStreams: 1, operationTimeoutMs: 60 }));
    const open = client.search(REQUEST)[Symbol.asyncIterator]();
    await open.next();
    await expect(readDns(client.search(REQUEST))).rejects.toMatchObject({
      code: 'LDAP_TIMEOUT',
      message: expect.stringContaining('all 1 connections'),
    });
    await open.return?.();
  });
});
