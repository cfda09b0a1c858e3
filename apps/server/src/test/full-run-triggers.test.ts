import { makeInboundRule, makeRevision, runToEnd, waitForFirstRun } from '@sallyport/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AD, type PlayedCorp, playCorp } from './played-corp.ts';

let corp: PlayedCorp;
let ruleId = '';
beforeAll(async () => {
  corp = await playCorp(10);
  const { api, environmentId, gatewayId, directory } = corp;
  ({ ruleId } = await makeInboundRule(api, environmentId, {
    name: 'Staff',
    gatewayId,
    ldapType: AD,
    configuration: { USERS_BASE_DN: directory.baseDn, POLL_INTERVAL_SECONDS: 3600, MAX_REMOVALS: 1000 },
    actions: { CREATE_GROUPS: false, RENAME_GROUPS: false, DELETE_GROUPS: false, SYNC_MEMBERSHIPS: false },
  }));
  await makeRevision(api, environmentId);
  const first = await waitForFirstRun(api, environmentId, ruleId);
  expect([first.type, first.reason, first.status]).toEqual(['full', 'first run', 'completed']);
});
afterAll(() => corp.stop());

type Settings = Readonly<Record<string, string | number | boolean>>;

async function changeRule(change: {
  readonly name?: string;
  readonly description?: string;
  readonly configuration?: Settings;
}): Promise<void> {
  const key = { environmentId: corp.environmentId, ruleId };
  const rule = await corp.api.rules.read(key);
  await corp.api.rules.replace({
    ...key,
    body: { ...rule, ...change, configuration: { ...rule.configuration, ...change.configuration } },
  });
}

async function changeStore(
  end: 'sourceStore' | 'targetStore',
  change: { readonly name?: string; readonly description?: string; readonly configuration?: Settings },
): Promise<void> {
  const { api, environmentId } = corp;
  const rule = await api.rules.read({ environmentId, ruleId });
  const key = { environmentId, storeId: rule[end].id };
  const store = await api.stores.read(key);
  await api.stores.replace({
    ...key,
    body: { ...store, ...change, configuration: { ...store.configuration, ...change.configuration } },
  });
}

async function changeGateway(change: Readonly<Record<string, unknown>>): Promise<void> {
  const key = { environmentId: corp.environmentId, gatewayId: corp.gatewayId };
  const gateway = await corp.api.gateways.read(key);
  await corp.api.gateways.replace({ ...key, body: { ...gateway, ...change } });
}

/** Why a full run began, if the change, the next revision and the next poll brought one. */
async function fullRunsAfter(change: () => Promise<unknown>): Promise<readonly string[]> {
  const { api, environmentId } = corp;
  const ids = async () =>
    (await api.runs.list({ environmentId, ruleId, query: { limit: 100 } }))._embedded.runs;
  const before = new Set((await ids()).map(({ id }) => id));
  await change();
  await makeRevision(api, environmentId);
  const asked = await runToEnd(api, environmentId, ruleId, 'delta');
  expect(asked.error).toBeUndefined();
  expect(asked.status).toBe('completed');
  return (await ids())
    .filter(({ id, type, status }) => !before.has(id) && type === 'full' && status === 'completed')
    .map(({ reason }) => reason);
}

const NONE = undefined;

/** Each change, in order, on one rule: what it says about a full run, and how changes are followed from then on. */
const ROWS: readonly (readonly [string, () => Promise<unknown>, string | undefined, string?])[] = [
  ['a revision without a change', async () => undefined, NONE],
  [
    'name and description of the stores',
    async () => {
      await changeStore('sourceStore', { name: 'Corp AD', description: 'the directory' });
      await changeStore('targetStore', { name: 'People', description: 'everybody' });
    },
    NONE,
  ],
  ['name and description of the gateway', () => changeGateway({ name: 'Gate', description: 'to AD' }), NONE],
  ['name and description of the rule', () => changeRule({ name: 'All staff', description: 'new' }), NONE],
  ['actions on users', () => changeStore('targetStore', { configuration: { UPDATE_USERS: false } }), NONE],
  [
    'actions allowed again',
    () => changeStore('targetStore', { configuration: { UPDATE_USERS: true, REMOVE_ACTION: 'Delete' } }),
    NONE,
  ],
  [
    'limits and intervals',
    () => changeRule({ configuration: { MAX_REMOVALS: 900, POLL_INTERVAL_SECONDS: 3000 } }),
    NONE,
  ],
  [
    'the default password of new users',
    () => changeRule({ configuration: { DEFAULT_PASSWORD_EXPRESSION: '"Ab3!" + employeeID + "-Start.1"' } }),
    NONE,
  ],
  [
    'the population of new users',
    async () => {
      const { api, environmentId } = corp;
      const { id } = await api.populations.create({ environmentId, body: { name: 'Staff' } });
      await changeRule({ configuration: { POPULATION_ID: id } });
    },
    NONE,
  ],
  [
    'the account of the gateway',
    () => {
      const { bindDn, bindPassword } = corp.directory.accounts.reader ?? {};
      return changeGateway({ bindDN: bindDn, bindPassword });
    },
    'authentication',
    // This one may not replicate, and is not asked to fail first.
    'usn',
  ],
  [
    'preferences of the source store',
    () => changeStore('sourceStore', { configuration: { ATTRIBUTE_METADATA: 'department' } }),
    'source connection',
  ],
  ['the LDAP filter', () => changeRule({ configuration: { USERS_LDAP_FILTER: '(sn=*)' } }), 'LDAP filter'],
  [
    'the relative DN of users',
    () => changeRule({ configuration: { USERS_RELATIVE_DN: peopleUnder() } }),
    'user relative DN',
  ],
  [
    'the base DN',
    async () => {
      const { api, environmentId, directory } = corp;
      const { configuration } = await api.rules.read({ environmentId, ruleId });
      await changeRule({
        configuration: {
          USERS_BASE_DN: `${String(configuration.USERS_RELATIVE_DN)},${directory.baseDn}`,
          USERS_RELATIVE_DN: '',
        },
      });
    },
    'base DN, user relative DN',
  ],
  [
    'a mapping',
    () =>
      corp.api.mappings.create({
        environmentId: corp.environmentId,
        ruleId,
        body: { name: 'username', sourceAttribute: 'sAMAccountName', targetAttribute: 'username' },
      }),
    'mappings',
  ],
  [
    'groups switched on',
    () => changeStore('targetStore', { configuration: { CREATE_GROUPS: true, RENAME_GROUPS: true } }),
    'groups',
  ],
  [
    'memberships switched on',
    () => changeStore('targetStore', { configuration: { SYNC_MEMBERSHIPS: true } }),
    'memberships',
  ],
  [
    'the filter of groups',
    () => changeRule({ configuration: { GROUPS_LDAP_FILTER: '(cn=*)' } }),
    'group LDAP filter',
  ],
  [
    'how nested groups are taken',
    () => changeRule({ configuration: { NESTED_GROUPS: 'Flattened' } }),
    'nested groups',
  ],
];

/** Where the invented people are, relative to the base. */
function peopleUnder(): string {
  return 'OU=People';
}

for (const [what, change, reason, strategy] of ROWS)
  it(what, { timeout: 30_000 }, async () => {
    const reasons = await fullRunsAfter(change);
    if (reason === undefined) expect(reasons).toEqual([]);
    else {
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(/^changed since the last full run: /);
      for (const part of reason.split(', ')) expect(reasons[0]).toContain(part);
    }
    if (strategy !== undefined)
      expect(
        await corp.api.ruleState.readStatus({ environmentId: corp.environmentId, ruleId }),
      ).toMatchObject({
        strategy,
        strategyReason: expect.stringContaining('lacks the right Replicating Directory Changes'),
      });
  });

it('whoever asks for it gets one, with the name', async () => {
  const { api, environmentId } = corp;
  expect(await runToEnd(api, environmentId, ruleId, 'full')).toMatchObject({
    type: 'full',
    reason: expect.stringMatching(/^asked for by /),
  });
});
