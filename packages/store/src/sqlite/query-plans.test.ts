import { newUuid, type Selection } from '@sallyport/model';
import { expect, test, vi } from 'vitest';
import { journalEntry, linkWrite, runProgress } from '../testing/sync-values.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { Connection } from './connection.ts';
import { openReader } from './open-connection.ts';

const eq = (attribute: string, value: string): Selection => ({
  kind: 'compare',
  attribute,
  operator: 'eq',
  value,
});

const SCANS =
  /^SCAN (users|links|journal|runs|groups|memberships|group_nestings|pending_members|[ugmnlpr])\b/;

// What the planner chooses is part of what the store promises: a question about one person must not walk through everybody.
// Every statement of each call is explained, on a new database, whose statistics are the ones that the migrations write.
test('every question about few rows of a large table is answered by the index made for it', async () => {
  await using temporary = await temporaryStore();
  const { store, environmentId, path } = temporary;
  const ruleId = newUuid();
  const runId = newUuid();
  const state = store.syncState(environmentId, ruleId, undefined);
  await state.transaction(async (tx) => {
    await tx.saveRun(runProgress(runId));
    await tx.saveLinks([linkWrite('a')]);
    await tx.appendJournal(runId, [journalEntry('a')]);
  });
  const population = await store.populations.default(environmentId);
  const group = await store.groups.create({ environmentId, profile: { name: 'g' } });
  const user = await store.users.create({ environmentId, profile: { username: 'u' } });
  await store.memberships.add(environmentId, user.id, group.id);
  const list = (selection: Selection) => store.users.list(environmentId, { limit: 10, selection });
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    users_id: () => store.users.versions(environmentId, ['a']),
    users_username: () => list(eq('username', 'a')),
    'users_username ': () => store.users.match(environmentId, 'username', ['a']),
    'users_username  ': () => list({ kind: 'compare', attribute: 'username', operator: 'sw', value: 'a' }),
    'users_username   ': () => list({ kind: 'or', of: [eq('username', 'a'), eq('username', 'b')] }),
    users_email: () => list(eq('email', 'a')),
    'users_email ': () => store.users.match(environmentId, 'email', ['a']),
    'users_email  ': () => list({ kind: 'and', of: [eq('email', 'a'), eq('title', 'Dr')] }),
    users_external_id: () => list(eq('externalId', 'a')),
    users_population: () => list(eq('population.id', population?.id ?? '')),
    users_sequence: () => store.users.changesSince(environmentId, 5, 10),
    links_source: () => state.linksByKeys('user', ['a']),
    links_target: () => state.linksByTargets('user', ['a']),
    'links_target ': () => store.links.syncedRules(environmentId, 'user', 'a'),
    links_number: () => state.linkNumbers('user', 0, 10),
    'links_number ': () => state.scanLinks('user', 0, 10),
    links_exceptions: () => store.links.list(environmentId, ruleId, { limit: 10, status: 'FAILED' }),
    links_due: () => state.dueDeletions('user', 1, 10),
    journal_rule: () => store.journal.list(environmentId, { limit: 10, ruleId }),
    journal_target: () => store.journal.list(environmentId, { limit: 10, targetId: 'a' }),
    groups_id: () => store.groups.versions(environmentId, ['a']),
    'groups_id ': () => store.groups.get(environmentId, group.id),
    groups_name: () => store.groups.match(environmentId, 'name', ['a']),
    'groups_name ': () => store.groups.list(environmentId, { limit: 10, selection: eq('name', 'a') }),
    groups_external_id: () => store.groups.match(environmentId, 'externalId', ['a']),
    groups_population: () =>
      store.groups.list(environmentId, { limit: 10, selection: eq('population.id', population?.id ?? '') }),
    groups_sequence: () => store.groups.changesSince(environmentId, 5, 10),
    memberships_user: () => store.memberships.ofUser(environmentId, user.id, { limit: 10 }),
    'memberships_user ': () => store.memberships.groupsOf(environmentId, 'user', [user.id]),
    'users_id ': () =>
      store.memberships.membersAmong(environmentId, group.id, [{ objectType: 'user', id: user.id }]),
    memberships_group: () => store.memberships.members(environmentId, group.id, 'user', '', 10),
    'memberships_group ': () => list(eq('memberOfGroups.id', group.id)),
    'memberships_group  ': () => store.groups.totalUsers(environmentId, group.id),
    group_nestings_child: () => store.nestings.ofGroup(environmentId, group.id, { limit: 10 }),
    'group_nestings_child ': () => store.memberships.ofUser(environmentId, user.id, { limit: 10 }),
    links_reference: () => state.linksByReferences(['a']),
    'links_reference ': () => state.pendingWithLinks(0, 10),
    link_references_hash: () => state.linksByReferences(['a']),
    'link_references_hash ': () => state.pendingWithLinks(0, 10),
    'links_target  ': () => store.links.heldByOthers(environmentId, newUuid(), 'group', ['a']),
    pending_members_reference: () => state.pendingByReferences(['a']),
    pending_members_group: () => state.countPending([1]),
    'pending_members_group ': () => state.pendingOf(1, '', 10),
    runs_rule: () => store.runs.list(environmentId, { limit: 10, ruleId }),
    runs_environment: () => store.runs.list(environmentId, { limit: 10 }),
  };
  const explainer = openReader(path);
  for (const [index, ask] of Object.entries(questions)) {
    const statements = new Map<string, number>();
    const remember = (sql: string, parameters: readonly unknown[]): void => {
      if (!sql.startsWith('EXPLAIN')) statements.set(sql, parameters.length);
    };
    const { rows, query } = Connection.prototype;
    const spies = [
      vi.spyOn(Connection.prototype, 'rows').mockImplementation(function (this: Connection, sql, parameters) {
        remember(sql, parameters);
        return rows.call(this, sql, parameters);
      }),
      vi.spyOn(Connection.prototype, 'query').mockImplementation(function (
        this: Connection,
        sql,
        parameters,
      ) {
        remember(sql, parameters);
        return query.call(this, sql, parameters);
      }),
    ];
    await ask();
    for (const spy of spies) spy.mockRestore();
    const plan = [...statements].flatMap(([sql, parameters]) =>
      explainer
        .rows(`EXPLAIN QUERY PLAN ${sql}`, Array(sql.includes('?1') ? 3 : parameters).fill(1))
        .map((row) => String(row[3])),
    );
    // The key of a table without rowid has no name of its own.
    if (index.trim() === 'memberships_group')
      expect(plan.join('\n')).toMatch(/SEARCH m USING (COVERING INDEX \S+|PRIMARY KEY) \(group_no=\?/);
    else expect(plan.join('\n')).toMatch(new RegExp(`INDEX ${index.trim()} \\(`));
    expect(plan.filter((step) => SCANS.test(step))).toEqual([]);
    // The environment's users in order of ids, one by one, to find the few that were asked for.
    if (index !== 'users_id')
      expect(plan.filter((step) => /users_id \(environment_no=\? AND id>/.test(step))).toEqual([]);
  }
  explainer.close();
});
