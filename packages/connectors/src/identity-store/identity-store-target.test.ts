import { expect, test } from 'vitest';
import { makeIdentityStoreTarget } from './identity-store-target.ts';
import type { IdentityStoreUsers, IdentityStoreWrite } from './identity-store-users.ts';

const profile = { username: 'Ana', name: { given: 'Ana' }, badge: ['b', 'a'] };

/** A store that has one user and remembers what it was asked to write. */
function recorder() {
  const asked: {
    readonly writes: readonly IdentityStoreWrite[];
    readonly transaction: object | undefined;
  }[] = [];
  const ana = { id: 'u1', version: 4, enabled: false, profile };
  const users: IdentityStoreUsers<string> = {
    versions: async (_environment, ids) => new Map(ids.filter((id) => id === 'u1').map((id) => [id, 4])),
    readMany: async (_environment, ids) => new Map(ids.filter((id) => id === 'u1').map((id) => [id, ana])),
    match: async (_environment, _attribute, values) => new Map(values.map((value) => [value, [ana]])),
    writeMany: async (_environment, writes, transaction) => {
      asked.push({ writes, transaction });
      return writes.map((_, index) => ({ ok: true, version: 10 + index }));
    },
  };
  return { asked, target: makeIdentityStoreTarget({ users, environmentId: 'e', populationId: 'p' }) };
}

test('users are read as flat attributes with their account state', async () => {
  const { target } = recorder();
  const expected = {
    id: 'u1',
    version: 4,
    active: false,
    attributes: { username: ['Ana'], 'name.given': ['Ana'], badge: ['b', 'a'], enabled: ['false'] },
  };
  expect((await target.readMany('user', ['u1', 'u2'])).get('u1')).toEqual(expected);
  expect((await target.match('user', 'username', ['ana'])).get('ana')).toEqual([expected]);
});

test("writes are handed over in order, in the engine's transaction, nested, with the account state apart", async () => {
  const { asked, target } = recorder();
  const tx = Object.create(null);
  const results = await target.apply(
    'user',
    [
      {
        kind: 'create',
        id: 'n',
        active: false,
        attributes: { username: ['b'], 'name.given': ['B'], title: [], enabled: ['false'] },
      },
      {
        kind: 'update',
        id: 'u1',
        active: true,
        changes: [
          { attribute: 'enabled', before: ['false'], after: ['true'] },
          { attribute: 'title', before: [], after: ['Dr'] },
        ],
      },
      { kind: 'delete', id: 'u1' },
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
          populationId: 'p',
          enabled: false,
          profile: { username: 'b', name: { given: 'B' } },
        },
        {
          kind: 'update',
          id: 'u1',
          enabled: true,
          changes: [{ attribute: 'title', before: [], after: ['Dr'] }],
        },
        { kind: 'delete', id: 'u1' },
      ],
    },
  ]);
  expect(asked[0]?.transaction).toBe(tx);
});

test('the table of attributes says what is wrong with a value, and what users cannot have', () => {
  const { target } = recorder();
  expect(target.attribute('user', 'username')).toMatchObject({
    required: true,
    multiValued: false,
    kind: 'plain',
  });
  expect(target.attribute('user', 'username')?.fault(['x'.repeat(129)])).toContain('128');
  expect(target.attribute('user', 'email')?.fault(['nobody'])).toContain('nobody');
  expect(target.attribute('user', 'email')?.fault(['a@x.example'])).toBeUndefined();
  expect(target.attribute('user', 'enabled')).toMatchObject({ kind: 'active' });
  expect(target.attribute('user', 'enabled')?.fault(['yes'])).toContain('yes');
  expect(target.attribute('user', 'costCentre')).toMatchObject({
    multiValued: true,
    comparison: 'unordered',
  });
  expect(target.attribute('user', 'costCentre')?.fault(Array(1001).fill('a'))).toContain('1000');
  expect([
    target.attribute('user', 'id'),
    target.attribute('user', 'population'),
    target.attribute('user', 'name.nick'),
    target.attribute('user', '__proto__'),
    target.attribute('group', 'name'),
  ]).toEqual(Array(5).fill(undefined));
  expect(target.attributeNames('user')).toContain('address.countryCode');
  expect(() => target.versions('group', [])).toThrow(/Take its mappings of groups off/);
});
