import { expect, test } from 'vitest';
import type {
  IdentityStoreGroups,
  IdentityStoreGroupWrite,
  IdentityStoreMemberships,
  IdentityStoreMembershipWrite,
} from './identity-store-groups.ts';
import { makeIdentityStoreTarget } from './identity-store-target.ts';
import type { IdentityStoreUsers } from './identity-store-users.ts';

const profile = {
  name: 'Staff',
  description: 'Everybody',
  customData: { owner: ['ana', 'eva'], deep: { a: 1 } },
};

const none: IdentityStoreUsers<string> = {
  versions: async () => new Map(),
  readMany: async () => new Map(),
  match: async () => new Map(),
  writeMany: async () => [],
};

/** A store that has one group and remembers what it was asked. */
function recorder() {
  const asked: {
    readonly writes: readonly (IdentityStoreGroupWrite | IdentityStoreMembershipWrite)[];
    readonly transaction: object | undefined;
  }[] = [];
  const staff = { id: 'g1', version: 4, profile };
  const store: IdentityStoreGroups<string> = {
    versions: async (_environment, ids) => new Map(ids.filter((id) => id === 'g1').map((id) => [id, 4])),
    readMany: async (_environment, ids) => new Map(ids.filter((id) => id === 'g1').map((id) => [id, staff])),
    match: async (_environment, _attribute, values) => new Map(values.map((value) => [value, [staff]])),
    writeMany: async (_environment, writes, transaction) => {
      asked.push({ writes, transaction });
      return writes.map((_, index) => ({ ok: true, version: 10 + index }));
    },
  };
  const memberships: IdentityStoreMemberships<string> = {
    members: async (environment, ...rest) => [environment, ...rest.map(String)],
    membersAmong: async (_environment, _groupId, members) => members.slice(1),
    groupsOf: async (_environment, objectType, ids) => new Map(ids.map((id) => [id, [objectType]])),
    writeMany: async (_environment, writes, transaction) => {
      asked.push({ writes, transaction });
      return writes.map(({ added }) => ({
        ok: true,
        version: 20,
        added: 0,
        removed: 0,
        refused: added.map((member) => ({ member, code: 'NOT_FOUND', message: 'gone' })),
      }));
    },
  };
  const target = makeIdentityStoreTarget({
    users: none,
    environmentId: 'e',
    populationId: 'p',
    groups: { store, memberships, source: { type: 'GATEWAY', id: 'gw' } },
  });
  return { asked, target };
}

test('groups are read and found as flat attributes, and are always active', async () => {
  const { target } = recorder();
  const expected = {
    id: 'g1',
    version: 4,
    active: true,
    attributes: {
      name: ['Staff'],
      description: ['Everybody'],
      'customData.owner': ['ana', 'eva'],
      'customData.deep': ['{"a":1}'],
    },
  };
  expect((await target.readMany('group', ['g1', 'g2'])).get('g1')).toEqual(expected);
  expect((await target.match('group', 'name', ['staff'])).get('staff')).toEqual([expected]);
  expect(await target.versions('group', ['g1', 'g2'])).toEqual(new Map([['g1', 4]]));
});

test("groups are written as external ones of their gateway, of no population, in the engine's transaction", async () => {
  const { asked, target } = recorder();
  const tx = Object.create(null);
  const changes = [{ attribute: 'name', before: ['a'], after: ['b'] }];
  const results = await target.apply(
    'group',
    [
      {
        kind: 'create',
        id: 'n',
        active: true,
        attributes: { name: ['New'], description: [], 'customData.owner': ['ana'] },
      },
      { kind: 'update', id: 'g1', changes, version: 4 },
      { kind: 'delete', id: 'g1' },
    ],
    tx,
  );
  expect(results.map((result) => result.ok && result.version)).toEqual([10, 11, 12]);
  expect(asked).toEqual([
    {
      transaction: tx,
      writes: [
        {
          kind: 'create',
          id: 'n',
          populationId: undefined,
          profile: { name: 'New', customData: { owner: 'ana' } },
          source: { type: 'GATEWAY', id: 'gw' },
        },
        { kind: 'update', id: 'g1', changes, version: 4 },
        { kind: 'delete', id: 'g1' },
      ],
    },
  ]);
  expect(asked[0]?.transaction).toBe(tx);
});

test('members are asked for and written of this environment, with what was refused one by one', async () => {
  const { asked, target } = recorder();
  expect(await target.memberships?.members('g1', 'user', 'after', 5)).toEqual([
    'e',
    'g1',
    'user',
    'after',
    '5',
  ]);
  const both = ['u1', 'u2'].map((id) => ({ objectType: 'user', id }) as const);
  expect(await target.memberships?.membersAmong('g1', both)).toEqual([both[1]]);
  expect(await target.memberships?.groupsOf('group', ['g1'])).toEqual(new Map([['g1', ['group']]]));
  const tx = Object.create(null);
  const member = { objectType: 'user', id: 'u' } as const;
  const writes = [{ groupId: 'g1', added: [member], removed: [] }];
  expect(await target.memberships?.write(writes, tx)).toEqual([
    {
      ok: true,
      version: 20,
      added: 0,
      removed: 0,
      refused: [{ member, code: 'NOT_FOUND', message: 'gone' }],
    },
  ]);
  expect(asked).toEqual([{ writes, transaction: tx }]);
  expect(asked[0]?.transaction).toBe(tx);
});

test('the table of attributes says what is wrong with a value, and what groups cannot have', () => {
  const { target } = recorder();
  expect(target.attributeNames('group')).toEqual(['name', 'displayName', 'description', 'externalId']);
  expect(target.attribute('group', 'name')).toMatchObject({
    required: true,
    multiValued: false,
    kind: 'plain',
  });
  expect(target.attribute('group', 'name')?.fault(['x'.repeat(257)])).toContain('256');
  expect(target.attribute('group', 'name')?.fault(['two\nlines'])).toContain('one line');
  expect(target.attribute('group', 'name')?.fault(['Staff'])).toBeUndefined();
  expect(target.attribute('group', 'customData.owner')).toMatchObject({
    multiValued: true,
    comparison: 'unordered',
  });
  expect(target.attribute('group', 'customData.owner')?.fault(['x'.repeat(20_000)])).toContain('customData');
  expect(
    [
      'member',
      'enabled',
      'username',
      'userFilter',
      'customData',
      'customData.__proto__',
      'population.id',
    ].map((name) => target.attribute('group', name)),
  ).toEqual(Array(7).fill(undefined));
});

test('a rule that takes no groups has none at all', () => {
  const target = makeIdentityStoreTarget({ users: none, environmentId: 'e', populationId: undefined });
  expect([target.memberships, target.attribute('group', 'name'), target.attributeNames('group')]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});
