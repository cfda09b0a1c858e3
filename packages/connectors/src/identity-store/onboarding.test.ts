import { Secret } from '@sallyport/model';
import { expect, test } from 'vitest';
import { makeIdentityStoreTarget } from './identity-store-target.ts';
import type { IdentityStoreUsers, IdentityStoreWrite } from './identity-store-users.ts';
import { PASSWORD_LINK } from './password-link.ts';
import { makePopulationFinder } from './population-finder.ts';

const GATEWAY = { gatewayId: 'g', userTypeId: 't' };
const link = (value: string, gateway = GATEWAY) => ({
  ...gateway,
  correlationAttributes: { objectGUID: value },
});

function setting(passwordGateway: typeof GATEWAY | undefined) {
  const writes: IdentityStoreWrite[] = [];
  const user = (id: string, gateway = GATEWAY) =>
    [
      id,
      { id, version: 1, enabled: true, profile: { username: id }, passwordGateway: link('x', gateway) },
    ] as const;
  const users: IdentityStoreUsers<string> = {
    versions: async () => new Map(),
    readMany: async () => new Map([user('same'), user('other', { ...GATEWAY, userTypeId: 'u' })]),
    match: async () => new Map(),
    writeMany: async (_environment, batch) => {
      writes.push(...batch);
      return batch.map(() => ({ ok: true, version: 1 }));
    },
  };
  const target = makeIdentityStoreTarget({
    users,
    environmentId: 'e',
    populationId: 'p',
    passwordGateway,
    passwords: {
      hash: (password) => `hash of ${password.reveal().length} characters`,
      fault: (password) => (password.reveal() === '' ? 'is empty' : undefined),
    },
    populations: async () => [{ id: 'p', name: 'Staff' }],
  });
  return { writes, target };
}

test('a new user gets the hash of a password to change, and the population of their own', async () => {
  const { writes, target } = setting(undefined);
  const attributes = { username: ['a'] };
  const onboarding = { password: new Secret('secret'), population: { text: 'Sales', id: 's' } };
  await target.apply('user', [{ kind: 'create', id: '1', active: true, attributes, onboarding }], undefined);
  await target.apply('user', [{ kind: 'create', id: '2', active: true, attributes }], undefined);
  expect(writes).toEqual([
    {
      kind: 'create',
      id: '1',
      enabled: true,
      populationId: 's',
      profile: { username: 'a' },
      password: { hash: 'hash of 6 characters', mustChange: true },
    },
    { kind: 'create', id: '2', enabled: true, populationId: 'p', profile: { username: 'a' } },
  ]);
});

test('who checks the password is an attribute where the rule has a say, and is not there where it has none', async () => {
  const without = setting(undefined).target;
  expect(without.attribute('user', PASSWORD_LINK)).toBeUndefined();
  expect((await without.readMany('user', ['same'])).get('same')?.attributes[PASSWORD_LINK]).toBeUndefined();

  const { writes, target } = setting(GATEWAY);
  expect(target.attribute('user', PASSWORD_LINK)?.fault(['objectGUID=x'])).toBeUndefined();
  expect(target.attribute('user', PASSWORD_LINK)?.fault(['x'])).toBeDefined();
  const read = await target.readMany('user', ['same', 'other']);
  expect(read.get('same')?.attributes[PASSWORD_LINK]).toEqual(['objectGUID=x']);
  // Another user type is another link, though the object is the same.
  expect(read.get('other')?.attributes[PASSWORD_LINK]).toEqual(['g/u/objectGUID=x']);
  const change = (after: readonly string[]) => [{ attribute: PASSWORD_LINK, before: [], after }];
  await target.apply(
    'user',
    [
      {
        kind: 'create',
        id: '1',
        active: true,
        attributes: { username: ['a'], [PASSWORD_LINK]: ['entryUUID=a=b'] },
      },
      { kind: 'update', id: '2', changes: [...change(['objectGUID=y'])] },
      { kind: 'update', id: '3', changes: change([]) },
      { kind: 'update', id: '4', changes: [] },
    ],
    undefined,
  );
  expect(writes.map((write) => ('passwordGateway' in write ? write.passwordGateway : 'untouched'))).toEqual([
    { ...GATEWAY, correlationAttributes: { entryUUID: 'a=b' } },
    link('y'),
    null,
    'untouched',
  ]);
  expect(writes.map((write) => (write.kind === 'update' ? write.changes : write.kind))).toEqual([
    'create',
    [],
    [],
    [],
  ]);
});

test('populations are found by id, by name, without case where that is clear, and read again when one is new', async () => {
  const known = [
    { id: '11111111-0000-4000-8000-000000000001', name: 'Sales' },
    { id: '11111111-0000-4000-8000-000000000002', name: 'R&D' },
    { id: '11111111-0000-4000-8000-000000000003', name: 'r&d' },
  ];
  let reads = 0;
  const find = makePopulationFinder(async () => {
    reads += 1;
    return [...known];
  });
  const answers = await find(['sales', 'R&D', 'R&d', '11111111-0000-4000-8000-000000000002', 'New']);
  expect([...answers.values()].map((answer) => (answer.found ? answer.name : answer.message))).toEqual([
    'Sales',
    'R&D',
    'no population has that id or name; there are "Sales", "R&D", "r&d"',
    'R&D',
    'no population has that id or name; there are "Sales", "R&D", "r&d"',
  ]);
  expect(reads).toBe(1);
  await find(['Sales']);
  expect(reads).toBe(1);
  known.push({ id: '4', name: 'New' });
  expect((await find(['New'])).get('New')).toEqual({ found: true, id: '4', name: 'New' });
  expect(reads).toBe(2);
});
