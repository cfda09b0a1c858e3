import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { newUuid } from '@sallyport/model';
import { expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { textHash } from '../schema/text-hash.ts';
import { openWriter } from '../sqlite/open-connection.ts';
import { temporaryFolder } from '../testing/temporary-store.ts';
import { migrate, migrationHash } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';

// A merged migration never changes: databases out there carry its hash. Add a new one instead; never edit this list's lines.
const HASHES: readonly (readonly [number: number, hash: string])[] = [
  [1, '5133fce50ce031501ca64cf5d0ba47ce2b9ae39957e7cdae4663d73f6fbc77b9'],
  [2, 'e092804f973802366cd2ac1aeecab9c582b92035ab5d58e2aabc55257d1a9ceb'],
  [3, 'bb4274c4c3afa960cbda5596c92a886f280d6ec7cccff7ebad114f526ad8e54b'],
  [4, '640d9a3a6f9eeaff69a5a60b756de3a891e259936b3505299c024f0b0c143cca'],
  [5, 'caae07f6dcf91d34033bdd2ab43a83a0df458f301a6f88c6c7d1e1fdac8bc0cf'],
  [6, '5fe0ad629b239c146fee63a82d9e67083c1bf62896691d79751b5742279fd47f'],
];

test('no merged migration has changed, and none is missing', () => {
  expect(MIGRATIONS.map((migration) => [migration.number, migrationHash(migration)])).toEqual(HASHES);
  expect(MIGRATIONS.map((migration) => migration.number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test('a database of a newer program is refused and left alone', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const connection = openWriter(path);
  migrate(connection);
  connection.run("INSERT INTO schema_migrations VALUES (99, 'later', 'x', 0)", []);
  connection.close();
  await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_SCHEMA_NEWER' });
  // Refused by its schema and not by a lock left behind.
  await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_SCHEMA_NEWER' });
});

test('a schema that was never released is refused', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const connection = openWriter(path);
  migrate(connection);
  connection.run("UPDATE schema_migrations SET hash = 'other' WHERE number = 1", []);
  connection.close();
  await expect(openStore({ url: `sqlite:${path}` })).rejects.toMatchObject({ code: 'STORE_SCHEMA_UNKNOWN' });
});

test('a step that fails takes the whole migration back', () => {
  using folder = temporaryFolder();
  const connection = openWriter(join(folder.path, 'store.db'));
  const bad = {
    number: MIGRATIONS.length + 1,
    name: 'bad',
    sql: 'CREATE TABLE half (x INTEGER); CREATE TABLE half (x INTEGER);',
  };
  expect(() => migrate(connection, [...MIGRATIONS, bad])).toThrow(/already exists/);
  expect(connection.rows("SELECT name FROM sqlite_master WHERE name IN ('half', 'users')", [])).toEqual([]);
  expect(migrate(connection)).toEqual(MIGRATIONS.map((migration) => migration.number));
  connection.close();
});

test('a database from before groups keeps its links, and has everybody compared anew', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const before = openWriter(path);
  migrate(before, MIGRATIONS.slice(0, 3));
  const environmentId = newUuid();
  const ruleId = newUuid();
  const [populationId, userId] = [newUuid(), newUuid()];
  before.exec(`
    INSERT INTO environments (number, id, name, type, region, status, created_at, updated_at)
      VALUES (1, '${environmentId}', 'Corp', 'SANDBOX', 'EU', 'ACTIVE', 0, 0);
    INSERT INTO populations (number, environment_no, id, name, is_default, properties, created_at, updated_at)
      VALUES (1, 1, '${populationId}', 'Default', 1, '{}', 0, 0);
    INSERT INTO users (environment_no, id, sequence, population_no, enabled, username, username_key, attributes, created_at, updated_at)
      VALUES (1, '${userId}', 1, 1, 1, 'ana', 'ana', '{}', 0, 0);
    INSERT INTO rule_syncs (number, environment_no, rule_id, last_link_number) VALUES (1, 1, '${ruleId}', 1);
    INSERT INTO links (link_key, environment_no, rule_no, object_type, source_key, source_hash, place, target_id, presence, status,
        outcome, reason, fingerprint, target_version, disabled_by_rule, last_sync_at)
      VALUES (4294967297, 1, 1, 0, 'a', ${textHash('a')}, 'CN=a', '${userId}', 0, 0, 0, '', 'print', 1, 0, 5);`);
  before.close();
  const store = await openStore({ url: `sqlite:${path}` });
  const state = store.syncState(environmentId, ruleId, undefined);
  const link = (await state.linksByKeys('user', ['a'])).get('a');
  expect(link).toMatchObject({
    number: 1,
    fingerprint: '',
    targetId: userId,
    createdByRule: false,
    lastSyncAt: 5,
  });
  expect(await state.linksByReferences(['dn:cn=a'])).toEqual(new Map());
  await state.transaction(async (tx) => {
    if (link !== undefined) await tx.saveLinks([{ ...link, reference: 'dn:cn=a', fingerprint: 'new' }]);
  });
  expect((await state.linksByReferences(['dn:cn=a'])).get('dn:cn=a')).toHaveLength(1);
  const group = await store.groups.create({ environmentId, profile: { name: 'g' } });
  expect(await store.memberships.add(environmentId, userId, group.id)).toMatchObject({ type: 'DIRECT' });
  await store.close();
  // Only once: the second start finds nothing to do.
  const again = await openStore({ url: `sqlite:${path}` });
  const kept = await again.syncState(environmentId, ruleId, undefined).linksByKeys('user', ['a']);
  expect(kept.get('a')?.fingerprint).toBe('new');
  await again.close();
});

test('twenty processes that start at once on a new file all find the same schema', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'store.db');
  const program = `
    import { openStore } from ${JSON.stringify(new URL('../open-store.ts', import.meta.url).href)};
    const store = await openStore({ url: ${JSON.stringify(`sqlite:${path}`)}, exclusive: false });
    await store.settings.put('system', String(process.pid), 'here');
    await store.close();`;
  const codes = await Promise.all(
    Array.from(
      { length: 20 },
      () =>
        new Promise((resolve, reject) => {
          const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
            stdio: ['ignore', 'inherit', 'inherit'],
          });
          child.once('error', reject);
          child.once('exit', resolve);
        }),
    ),
  );
  expect(codes).toEqual(Array(20).fill(0));
  const store = await openStore({ url: `sqlite:${path}` });
  expect((await store.settings.list('system')).size).toBe(20);
  await store.close();
}, 60_000);
