import { join } from 'node:path';
import { personDn, startInMemoryDirectory, startTcpProxy, waitUntil } from '@sallyport/testkit';
import { openBenchHouse } from './bench-house.ts';

export interface BigGroupFigures {
  readonly members: number;
  /** Bytes from the directory to the gateway for a full run of the rule: people and the group. */
  readonly wholeBytes: number;
  /** The same for each change of one member. */
  readonly changeBytes: number;
  /** From the change to its end in the identity store, median. */
  readonly changeMs: number;
  readonly changes: number;
}

const MAPPINGS = [{ sourceAttribute: 'sAMAccountName', targetAttribute: 'username' }];
const CHANGES = 20;

/**
 * What a change of one member costs in a group of everybody, where the directory tells values: the in-memory Active Directory
 * with DirSync. A real one takes hours to load; bytes on the line do not depend on who sends them.
 */
export async function measureBigGroup(folder: string, members: number): Promise<BigGroupFigures> {
  const directory = await startInMemoryDirectory({ people: members, parts: 'people' });
  const proxy = await startTcpProxy({ host: directory.host, port: directory.port });
  const dns = Array.from({ length: members }, (_, index) =>
    personDn({ kind: 'activeDirectory', people: members }, index),
  );
  const groupDn = `CN=Everybody,${directory.baseDn}`;
  directory.edit.add(groupDn, {
    objectClass: ['top', 'group'],
    cn: 'Everybody',
    sAMAccountName: 'Everybody',
    groupType: '-2147483646',
    member: dns,
  });
  const house = await openBenchHouse({
    folder: join(folder, 'big-group'),
    directory: {
      servers: [`127.0.0.1:${proxy.port}`],
      bindDn: directory.bindDn,
      bindPassword: directory.bindPassword,
      vendor: 'Microsoft Active Directory',
    },
    configuration: {
      USERS_BASE_DN: directory.baseDn,
      POLL_INTERVAL_SECONDS: 86_400,
      PRIMARY_GROUP_MEMBERSHIPS: false,
      GROUPS_LDAP_FILTER: '(cn=Everybody)',
    },
    // So that everybody in the group is a member at the target too.
    actions: { PROVISION_DISABLED_USERS_PROV_OPT: true },
    mappings: MAPPINGS,
  });
  const { api, environmentId, ruleId } = house;
  try {
    const before = proxy.bytes('down');
    const run = await house.runBySwitchingOn();
    if (run.status !== 'completed') throw new Error(`the first load ended as ${run.status}`);
    const wholeBytes = proxy.bytes('down') - before;
    const group = await api.groups.list({ environmentId, query: { filter: 'name eq "Everybody"' } });
    const groupId = group._embedded.groups[0]?.id;
    if (groupId === undefined) throw new Error('The group was not loaded');
    await waitUntil(
      async () => (await api.ruleState.readStatus({ environmentId, ruleId })).push,
      'the rule is told of changes',
    );
    const times: number[] = [];
    const changedFrom = proxy.bytes('down');
    for (let change = 0; change < CHANGES; change++) {
      const started = performance.now();
      directory.edit.modify(groupDn, { delete: { member: dns[change * 7] ?? '' } });
      await waitUntil(
        async () =>
          (await api.groups.read({ environmentId, groupId })).directMemberCounts.users ===
          members - change - 1,
        'the member has left',
      );
      times.push(performance.now() - started);
    }
    times.sort((left, right) => left - right);
    return {
      members,
      wholeBytes,
      changeBytes: (proxy.bytes('down') - changedFrom) / CHANGES,
      changeMs: times[CHANGES >> 1] ?? 0,
      changes: CHANGES,
    };
  } finally {
    await house.close();
    await proxy.stop();
    await directory.stop();
  }
}
