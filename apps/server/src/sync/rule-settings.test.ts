import { newUuid, plainMapping } from '@sallyport/model';
import { expect, test } from 'vitest';
import { readRuleSettings } from './rule-settings.ts';
import { specOf } from './rule-spec.ts';
import { ENVIRONMENT, makeStage } from './test/stage.ts';

const NAME = plainMapping({
  id: newUuid(),
  objectType: 'group',
  targetAttribute: 'name',
  source: { attribute: 'cn' },
});

const SWITCHES = ['CREATE_GROUPS', 'RENAME_GROUPS', 'DELETE_GROUPS', 'SYNC_MEMBERSHIPS'];

test('a rule looks at groups where any of their switches is on, that of its own deletion too', () => {
  const { snapshot, revision, rule } = makeStage();
  const looksAtGroups = (configuration: Readonly<Record<string, boolean>>): boolean => {
    const stores = snapshot.stores.map((store) => ({ ...store, configuration }));
    const spec = specOf(ENVIRONMENT, revision, { ...snapshot, stores }, rule.id);
    if (spec === undefined) throw new Error('no such rule');
    return readRuleSettings(spec, [NAME], {}).settings.rule.groups !== undefined;
  };
  const off = Object.fromEntries(SWITCHES.map((name) => [name, false]));
  expect(looksAtGroups(off)).toBe(false);
  for (const name of [...SWITCHES, 'DELETE_GROUPS_ON_RULE_DELETION'])
    expect([name, looksAtGroups({ ...off, [name]: true })]).toEqual([name, true]);
});
