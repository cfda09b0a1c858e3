import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentityStoreTarget } from '@sallyport/connectors';
import type { TargetPort, TargetWrite } from '@sallyport/engine';
import { newUuid, type ObjectAttributes, type RunStatus, zeroCounts } from '@sallyport/model';
import { type JournalEntry, type LinkWrite, openStore, type SyncState } from '@sallyport/store';

// What the identity store takes by itself, without directory and engine: users, links and journal of a first load in the engine's
// transactions, then the questions of an unchanged full run. `node bench/src/store.ts [users] [batch]`.

const users = Number(process.argv[2] ?? 100_000);
const batchSize = Number(process.argv[3] ?? 1000);

interface Person {
  readonly key: string;
  readonly place: string;
  readonly attributes: ObjectAttributes;
}

const GIVEN = ['Ana', 'Bruno', 'Clara', 'Duarte', 'Eva', 'Filipe', 'Graça', 'Hugo', 'Inês', 'João'];

/** As a default mapping gives them, plus a title and a phone. Neither keys nor usernames come in order. */
function personOf(index: number): Person {
  const scattered = (index * 7919) % users;
  const given = GIVEN[index % GIVEN.length] ?? 'Ana';
  const family = `Silva ${index % 3000}`;
  const username = `user${scattered}.${given.length}`;
  return {
    key: crypto.randomUUID(),
    place: `CN=${given} ${family} ${index},OU=Staff,OU=Lisbon,DC=corp,DC=example`,
    attributes: {
      username: [username],
      email: [`${username}@corp.example`],
      'name.given': [given],
      'name.family': [family],
      title: ['Engineer'],
      primaryPhone: [`+351 21 000 ${index % 10_000}`],
    },
  };
}

function linkOf(person: Person, id: string, version: number, at: number): LinkWrite {
  return {
    number: undefined,
    objectType: 'user',
    sourceKey: person.key,
    place: person.place,
    targetId: id,
    presence: 'inScope',
    status: 'SUCCESS',
    outcome: 'created',
    reason: '',
    errorCode: undefined,
    fingerprint: person.key.slice(0, 22),
    targetVersion: version,
    disabledByRule: false,
    createdByRule: true,
    reference: `dn:${person.place.toLowerCase()}`,
    deleteAfter: undefined,
    lastSyncAt: at,
  };
}

function journalOf(person: Person, id: string, at: number): JournalEntry {
  return {
    at,
    objectType: 'user',
    sourceKey: person.key,
    place: person.place,
    targetId: id,
    label: person.attributes.username?.[0] ?? '',
    outcome: 'created',
    reason: '',
    errorCode: undefined,
    changes: Object.entries(person.attributes).map(([attribute, after]) => ({
      attribute,
      before: [],
      after,
    })),
  };
}

/** What is kept of a loaded user, so that the memory shown at the end is the store's. */
interface Written {
  readonly key: string;
  readonly id: string;
}

async function loadBatch(
  state: SyncState,
  target: TargetPort,
  runId: string,
  people: readonly Person[],
): Promise<readonly Written[]> {
  return state.transaction(async (tx) => {
    const at = Date.now();
    const writes = people.map(
      ({ attributes }): TargetWrite => ({ kind: 'create', id: target.newId(), active: true, attributes }),
    );
    const results = await target.apply('user', writes, tx);
    const links: LinkWrite[] = [];
    const lines: JournalEntry[] = [];
    const written: Written[] = [];
    for (const [index, person] of people.entries()) {
      const result = results[index];
      const id = writes[index]?.id;
      if (result?.ok !== true || id === undefined) throw new Error(`user ${index} was refused`);
      links.push(linkOf(person, id, result.version, at));
      lines.push(journalOf(person, id, at));
      written.push({ key: person.key, id });
    }
    await tx.saveLinks(links);
    await tx.appendJournal(runId, lines);
    await tx.saveRun(progressOf(runId, 'running', people.length));
    return written;
  });
}

function progressOf(runId: string, status: RunStatus, read: number) {
  return {
    runId,
    type: 'full' as const,
    status,
    reason: 'bench',
    startedAt: 0,
    endedAt: undefined,
    read,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: undefined,
    errorMessage: undefined,
  };
}

function summaryOf(timesMs: readonly number[]): string {
  const sorted = [...timesMs].sort((one, other) => one - other);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(2);
  return `median ${at(0.5)} ms, 99 % ${at(0.99)} ms, most ${at(1)} ms`;
}

async function timed(timesMs: number[], work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  timesMs.push(performance.now() - start);
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-store-'));
const store = await openStore({ url: `sqlite:${join(folder, 'store.db')}` });
try {
  const environment = await store.environments.create({ name: 'bench', type: 'SANDBOX', region: 'EU' });
  const target = makeIdentityStoreTarget({
    users: store.users,
    environmentId: environment.id,
    populationId: undefined,
  });
  const state = store.syncState(environment.id, newUuid(), undefined);
  const runId = newUuid();

  const written: Written[] = [];
  const loadTimes: number[] = [];
  const cpu = process.cpuUsage();
  let spentMs = 0;
  for (let from = 0; from < users; from += batchSize) {
    const people = Array.from({ length: Math.min(batchSize, users - from) }, (_, index) =>
      personOf(from + index),
    );
    const start = performance.now();
    await timed(loadTimes, async () => {
      for (const one of await loadBatch(state, target, runId, people)) written.push(one);
    });
    spentMs += performance.now() - start;
  }
  const used = process.cpuUsage(cpu);
  console.log(`first load: ${Math.round((users / spentMs) * 1000)} users/s in transactions of ${batchSize}`);
  console.log(`  a transaction: ${summaryOf(loadTimes)}`);
  console.log(
    `  CPU for each user: ${((used.user + used.system) / users).toFixed(1)} µs, this program's own included`,
  );

  const linkTimes: number[] = [];
  const versionTimes: number[] = [];
  const readTimes: number[] = [];
  for (let from = 0; from + 1000 <= written.length; from += 1000) {
    const some = written.slice(from, from + 1000);
    await timed(linkTimes, () =>
      state.linksByKeys(
        'user',
        some.map(({ key }) => key),
      ),
    );
    await timed(versionTimes, () =>
      target.versions(
        'user',
        some.map(({ id }) => id),
      ),
    );
    await timed(readTimes, () =>
      target.readMany(
        'user',
        some.map(({ id }) => id),
      ),
    );
  }
  console.log(`unchanged, for 1,000: links by key ${summaryOf(linkTimes)}`);
  console.log(`                      versions     ${summaryOf(versionTimes)}`);
  console.log(`changed, for 1,000:   whole users  ${summaryOf(readTimes)}`);

  const numberTimes: number[] = [];
  await timed(numberTimes, async () => {
    for (let after = 0; ; ) {
      const numbers = await state.linkNumbers('user', after, 10_000);
      const last = numbers.at(-1);
      if (last === undefined) return;
      after = last;
    }
  });
  console.log(`all link numbers: ${summaryOf(numberTimes)}`);
  const counterTimes: number[] = [];
  await timed(counterTimes, () => state.countLinked('user'));
  console.log(`count of linked:  ${summaryOf(counterTimes)}`);

  const updateTimes: number[] = [];
  for (let from = 0; from + 1000 <= Math.min(written.length, 20_000); from += 1000)
    await timed(updateTimes, () =>
      state.transaction((tx) =>
        target.apply(
          'user',
          written.slice(from, from + 1000).map(({ id }) => ({
            kind: 'update',
            id,
            changes: [{ attribute: 'title', before: ['Engineer'], after: ['Architect'] }],
          })),
          tx,
        ),
      ),
    );
  console.log(`update of a title, for 1,000 users in a transaction: ${summaryOf(updateTimes)}`);

  const singleTimes: number[] = [];
  for (let index = 0; index < 500; index += 1)
    await timed(singleTimes, () =>
      store.users.create({ environmentId: environment.id, profile: { username: `single${index}` } }),
    );
  console.log(`one user, durable: ${summaryOf(singleTimes)}`);
  console.log(`memory: ${Math.round(process.memoryUsage().rss / 1e6)} MB`);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}
