import { ALL_ACTIONS, group, makeGroupRule, makeWorld, person } from '../port/fake/fake-world.ts';
import type { EngineRule } from '../rule/engine-rule.ts';

export const DELETE = { ...ALL_ACTIONS, removeAction: 'Delete' as const };

/** Four people and two groups, one of them in the other, after a first run. */
export async function loaded(rule: EngineRule = makeGroupRule(), batchSize = 2) {
  const world = makeWorld(rule);
  const { directory } = world;
  directory.batchSize = batchSize;
  for (const name of ['ann', 'bob', 'cid', 'dee']) directory.put(person(name));
  directory.put(group('staff', ['key-ann', 'key-bob', 'key-sales']));
  directory.put(group('sales', ['key-cid']));
  const first = await world.run('delta');
  return { world, directory, store: world.store, first };
}

/** The same, told member by member. */
export async function told(rule?: EngineRule) {
  const made = await loaded(rule);
  made.directory.tellsMembers = true;
  return made;
}
