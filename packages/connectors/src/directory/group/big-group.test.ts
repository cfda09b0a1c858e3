import { startInMemoryDirectory } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, GROUPS_NEED, SourceStage } from '../test/source-stage.ts';

const MANY = 100_000;
const RANGED = 1_501;

const stage = new SourceStage({
  name: 'AD',
  kind: 'activeDirectory',
  strategy: 'usn',
  start: () => startInMemoryDirectory({ manner: 'activeDirectory' }),
});

beforeAll(() => stage.start());
afterAll(() => stage.stop());

test('a group beyond the range limit is read whole, and its last member counts in the fingerprint', async () => {
  const base = await stage.unit();
  const people: string[] = [];
  for (let index = 0; index < RANGED; index += 1) people.push(await stage.person(base, `ranged-${index}`));
  const group = await stage.group(base, 'Ranged', people);
  const source = await stage.reader(base);
  const before = await stage.readAll(source);
  expect(at(before, group)?.members?.size).toBe(RANGED);
  expect(at(before, group)?.fingerprint).toHaveLength(22);
  expect(at(await stage.readAll(source), group)?.fingerprint).toBe(at(before, group)?.fingerprint);
  const [, ...rest] = people.reverse();
  await stage.leave(group, people[0] ?? '');
  await stage.join(group, people[0] ?? '');
  await stage.leave(group, rest[0] ?? '');
  const after = await stage.follow(source, before);
  expect(at(after, group)?.members?.size).toBe(RANGED - 1);
  expect(at(await stage.readAll(source), group)?.fingerprint).not.toBe(at(before, group)?.fingerprint);
}, 60_000);

test('the members of a group of 100,000 are decoded within a second', async () => {
  const other = new SourceStage({
    name: 'OpenLDAP',
    kind: 'standard',
    strategy: 'syncrepl',
    start: () => startInMemoryDirectory({ manner: 'openLdap' }),
  });
  await other.start();
  try {
    const { baseDn } = other.directory;
    const members = Array.from({ length: MANY }, (_, index) => `uid=user.${index},ou=People,${baseDn}`);
    await other.group(baseDn, 'Everyone', members);
    const source = await other.reader(baseDn);
    for await (const batch of source.readAll(GROUPS_NEED, new AbortController().signal))
      for (const group of batch) {
        // Processor time: a machine that is busy with something else does not make it slower.
        const start = process.cpuUsage();
        let count = 0;
        for (const reference of group.members ?? []) count += reference.startsWith('dn:uid=') ? 1 : 0;
        const { user, system } = process.cpuUsage(start);
        expect(count).toBe(MANY);
        expect((user + system) / 1_000).toBeLessThan(1_000);
      }
  } finally {
    await other.stop();
  }
}, 60_000);
