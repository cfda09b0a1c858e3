import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseContent } from '../house/database-content.ts';
import { REAL_SERVERS } from '../house/directory-kind.ts';
import { openHouse, type StoryHouse } from '../house/story-house.ts';

/** What changes by itself while nobody does anything, and why. Everything else must stay as it is, row by row. */
const TICKING = {
  leases: 'held and renewed by whoever works',
  gateway_instances: 'heartbeats and metrics of running gateways',
  activities: 'who asked for what: that somebody asked for a preview is told to auditors',
};

describe.each(REAL_SERVERS)('looking before leaping on %s', (kind) => {
  let house: StoryHouse;

  beforeAll(async () => {
    house = await openHouse(kind);
  });
  afterAll(() => house?.close());

  test('a preview shows every plan with before and after, and writes nothing anywhere', async () => {
    const story = await house.story('preview');
    const { people } = story;
    await people.addMany(['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus', 'hal', 'ian', 'joy']);
    const { rule } = await story.rule({
      configuration: { MAX_REMOVALS_PERCENT: 50 },
      actions: { REMOVE_ACTION: 'Delete' },
    });
    // Whatever hints of the directory would do is done before; the rule then rests, and only a person asks.
    await house.api.rules.replace({
      environmentId: story.environmentId,
      ruleId: rule.ruleId,
      body: {
        name: 'Rule 1',
        active: false,
        configuration: { USERS_BASE_DN: story.root, MAX_REMOVALS_PERCENT: 50 },
      },
    });
    await story.revision();
    await people.add('kim');
    await people.replace(people.dnOf('ann'), { sn: 'Andersen' });
    await people.disable(people.dnOf('bob'));
    await people.remove(people.dnOf('cid'));
    const users = await story.users();

    const before = databaseContent(house.server.databaseFile, TICKING);
    const preview = await rule.waitFor((await rule.start('preview')).id);
    const after = databaseContent(house.server.databaseFile, TICKING);

    expect(preview).toMatchObject({ type: 'preview', status: 'completed', read: 10 });
    expect(preview.counts).toMatchObject({ created: 1, updated: 1, disabled: 1, deleted: 1, unchanged: 7 });
    const planned = new Map((await rule.changes(preview.id)).map((change) => [change.label, change]));
    expect([...planned.keys()].sort()).toEqual(['ann', 'bob', 'cid', 'kim']);
    expect(planned.get('ann')?.changes).toEqual([
      { attribute: 'name.family', before: ['Silva'], after: ['Andersen'] },
    ]);
    expect(planned.get('kim')).toMatchObject({ outcome: 'created' });
    expect(planned.get('cid')).toMatchObject({ outcome: 'deleted' });
    expect(planned.get('cid')?.reason).toContain('Deleted at the source');
    expect(await story.users()).toEqual(users);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [table, rows] of Object.entries(before)) expect(after[table], `table ${table}`).toEqual(rows);
  });

  test('a preview of a rule that was never in effect shows the whole first load', async () => {
    const story = await house.story('preview of a new rule');
    await story.people.addMany(['lea', 'max']);
    const { rule } = await story.rule({ base: await story.people.addUnit('Elsewhere') });
    await house.api.rules.replace({
      environmentId: story.environmentId,
      ruleId: rule.ruleId,
      body: { name: 'Rule 1', active: false, configuration: { USERS_BASE_DN: story.root } },
    });
    const preview = await rule.waitFor((await rule.start('preview')).id);
    expect(preview.counts).toMatchObject({ created: 2 });
    expect((await story.users()).size).toBe(0);
  });

  test('an explanation says what was read, the clause that decided, the match, the values and the action', async () => {
    const story = await house.story('explain');
    const { people } = story;
    await people.add('mia', { title: 'Pilot' });
    await people.add('ned', { title: 'Cook' });
    const { rule } = await story.rule({ configuration: { USERS_LDAP_FILTER: '(title=Pilot)' } });
    const { id } = await story.user('mia');
    const mia = await rule.explain('mia');
    expect(mia).toMatchObject({
      found: true,
      scope: { inScope: true },
      link: { targetId: id, status: 'SUCCESS' },
      action: { outcome: 'unchanged', targetId: id },
    });
    expect(mia.place?.toLowerCase()).toBe(people.dnOf('mia').toLowerCase());
    expect(mia.mapped).toContainEqual(
      expect.objectContaining({ targetAttribute: 'username', values: ['mia'] }),
    );
    const ned = await rule.explain(people.dnOf('ned'));
    expect(ned).toMatchObject({ found: true, scope: { inScope: false } });
    expect(ned.scope?.clause.toLowerCase()).toContain('title=pilot');
    const byKey = await rule.explain(mia.sourceKey ?? '');
    expect(byKey.place).toBe(mia.place);
    const nobody = await rule.explain('nobody-of-this-name');
    expect(nobody).toMatchObject({ found: false });
    expect(nobody.reason).toContain('nobody-of-this-name');
    await people.replace(people.dnOf('mia'), { sn: 'Miller' });
    // The change is explained as a plan or, if a hint was faster, as done already.
    const changed = await rule.explain('mia');
    expect(['updated', 'unchanged']).toContain(changed.action?.outcome);
    expect(changed.mapped).toContainEqual(
      expect.objectContaining({ targetAttribute: 'name.family', values: ['Miller'] }),
    );
  });
});
