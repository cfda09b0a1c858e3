import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { temporaryFolder, temporaryStore } from '../testing/temporary-store.ts';
import { openReader, openWriter } from './open-connection.ts';
import { Writer } from './writer.ts';

const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** A process that loads users, links and journal, and says after each commit how many users there are. */
function loader(url: string, from: number): string {
  return `
    import { openStore } from ${source('../open-store.ts')};
    import { linkWrite, journalEntry } from ${source('../testing/sync-values.ts')};
    const store = await openStore({ url: ${JSON.stringify(url)} });
    const { items: [environment] } = await store.environments.list({ limit: 1 });
    const { items: [rule] } = await store.applications.list(environment.id, { limit: 1 });
    await store.leases.acquire(environment.id, 'rule', String(process.pid), 3_600_000);
    const state = store.syncState(environment.id, rule.id, undefined);
    const runId = crypto.randomUUID();
    for (let count = ${from}; ; count += 200) {
      await state.transaction(async (tx) => {
        const keys = Array.from({ length: 200 }, (_, index) => 'u' + (count + index));
        const writes = keys.map((key) => ({ kind: 'create', id: crypto.randomUUID(), populationId: undefined, enabled: true, profile: { username: key } }));
        await store.users.writeMany(environment.id, writes, tx);
        await tx.saveLinks(keys.map((key, index) => linkWrite(key, { targetId: writes[index].id })));
        await tx.appendJournal(runId, keys.map((key, index) => journalEntry(key, { targetId: writes[index].id })));
      });
      console.log(count + 200);
    }`;
}

test('killed at any moment, what was committed is there, whole, and the next process goes on', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const url = `sqlite:${path}`;
  const store = await openStore({ url });
  const environment = await store.environments.create({ name: 'Corp', type: 'SANDBOX', region: 'EU' });
  const application = { environmentId: environment.id, name: 'the rule', secretHash: '', roles: [] };
  const { id: ruleId } = await store.applications.create(application);
  await store.close();
  let users = 0;
  for (let round = 0; round < 6; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', loader(url, users)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let said = users;
    // A different place each time: after some commits, and then in the middle of whatever comes next.
    const commits = 1 + round * 2;
    let left = commits;
    for await (const line of createInterface({ input: child.stdout })) {
      said = Number(line);
      left -= 1;
      if (left === 0) setTimeout(() => child.kill('SIGKILL'), round * 3);
    }
    await exited;
    expect(child.signalCode).toBe('SIGKILL');

    // The dead process's lock and lease are gone with it.
    const after = await openStore({ url });
    expect(await after.leases.holder(environment.id, 'rule')).toBeUndefined();
    const { count, items } = await after.users.list(environment.id, { limit: 1 });
    expect(items.length).toBe(1);
    expect(count).toBeGreaterThanOrEqual(said);
    expect(count % 200).toBe(0);
    expect((await after.links.counters(environment.id, ruleId, 'user')).success).toBe(count);
    expect((await after.journal.list(environment.id, { limit: 1 })).count).toBe(count);
    expect((await after.environments.get(environment.id))?.sequence).toBe(count);
    expect((await after.runs.list(environment.id, { limit: 10 })).items.map((run) => run.status)).toEqual(
      Array(round + 1).fill('interrupted'),
    );
    await after.close();
    const reader = openReader(path);
    expect(reader.rows('PRAGMA integrity_check', [])).toEqual([['ok']]);
    expect(reader.rows('PRAGMA foreign_key_check', [])).toEqual([]);
    reader.close();
    users = count;
  }
}, 60_000);

test('a second server on the same file is refused, and let in when the first has closed', async () => {
  await using first = await temporaryStore();
  const url = `sqlite:${first.path}`;
  await expect(openStore({ url })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  // A tool beside it is not.
  const tool = await openStore({ url, exclusive: false });
  expect((await tool.environments.list({ limit: 1 })).count).toBe(1);
  await tool.close();
  await first.store.close();
  const second = await openStore({ url });
  await second.close();
});

test('a full disk refuses the write with a code, takes all of it back and lets reading and small work go on', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'full.db');
  const connection = openWriter(path);
  connection.exec('CREATE TABLE filled (number INTEGER PRIMARY KEY, text TEXT)');
  connection.exec('PRAGMA max_page_count=40');
  const writer = new Writer(connection);
  const fill = writer.write(({ connection: to }) => {
    to.run("INSERT INTO filled (text) VALUES ('first')", []);
    for (let row = 0; row < 10_000; row += 1)
      to.run('INSERT INTO filled (text) VALUES (?)', ['x'.repeat(1000)]);
  });
  return expect(fill)
    .rejects.toMatchObject({ code: 'STORE_FULL', message: expect.stringContaining('free some space') })
    .then(async () => {
      expect(connection.inTransaction).toBe(false);
      expect(connection.rows('SELECT count(*) FROM filled', [])).toEqual([[0]]);
      await writer.write(({ connection: to }) => to.run("INSERT INTO filled (text) VALUES ('small')", []));
      expect(connection.rows('SELECT text FROM filled', [])).toEqual([['small']]);
      await writer.close();
    });
});

test('what is no database, what is damaged and what cannot be opened are told apart from each other', async () => {
  using folder = temporaryFolder();
  const text = join(folder.path, 'text.db');
  writeFileSync(text, 'this is a letter and not a database '.repeat(300));
  await expect(openStore({ url: `sqlite:${text}` })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await expect(
    openStore({ url: `sqlite:${join(folder.path, 'no', 'such', 'folder.db')}` }),
  ).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
  });
  await expect(openStore({ url: 'mysql://x' })).rejects.toMatchObject({ code: 'STORE_URL_UNKNOWN' });
});

test('a read-only connection refuses to write, with a code', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const writer = openWriter(path);
  writer.exec('CREATE TABLE t (x INTEGER)');
  const reader = openReader(path);
  expect(() => reader.run('INSERT INTO t VALUES (1)', [])).toThrow(
    expect.objectContaining({ code: 'STORE_READ_ONLY' }),
  );
  reader.close();
  writer.close();
});

test('twenty writers at once lose nothing, and a failing one spoils nobody else', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let index = 0; index < 20; index += 1) {
        await store.users.create({ environmentId, profile: { username: `w${writer}-${index}` } });
        // Every writer wants this one too.
        if (index === 10) await store.users.create({ environmentId, profile: { username: 'shared' } });
      }
    }),
  );
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled').length).toBe(1);
  const feed = await store.users.changesSince(environmentId, 0, 10_000);
  // The one that won wrote all of its own, the others the eleven before: and each write has a number of its own.
  expect(feed.length).toBe(20 + 1 + 19 * 11);
  expect(new Set(feed.map((entry) => entry.sequence)).size).toBe(feed.length);
  expect((await store.environments.get(environmentId))?.sequence).toBe(feed.at(-1)?.sequence);
});

test('reads answer while a transaction is open, with what was committed before it', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId } = temporary;
  const state = store.syncState(environmentId, environmentId, undefined);
  const inside = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const writing = state.transaction(async (tx) => {
    await store.users.writeMany(
      environmentId,
      [
        {
          kind: 'create',
          id: environmentId,
          populationId: undefined,
          enabled: true,
          profile: { username: 'new' },
        },
      ],
      tx,
    );
    inside.resolve();
    await release.promise;
  });
  await inside.promise;
  expect((await store.users.list(environmentId, { limit: 10 })).count).toBe(0);
  release.resolve();
  await writing;
  expect((await store.users.list(environmentId, { limit: 10 })).count).toBe(1);
});

test('a file without the right to write is refused, with a code', async () => {
  // The superuser may write everything.
  if (process.getuid?.() === 0) return;
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const connection = openWriter(path);
  connection.exec('CREATE TABLE t (x INTEGER)');
  connection.close();
  chmodSync(path, 0o444);
  await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
});
