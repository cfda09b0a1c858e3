import { parseLimits } from '@sallyport/gateway';
import { EntryBatch, LdapError, present, type SearchStream } from '@sallyport/ldap';
import { type InMemoryDirectory, startInMemoryDirectory } from '@sallyport/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  configurationOf,
  gatewayId,
  type HubHouse,
  type RunningGateway,
  startGateway,
  startHub,
} from './test/tunnel-house.ts';
import { until } from './test/until.ts';

const USERS = 'CN=Users,DC=corp,DC=example';
const ELSEWHERE = 'CN=Computers,DC=corp,DC=example';
const GROUP = `CN=Limited,${USERS}`;
const group = [
  { type: 'objectClass', values: ['group'] },
  { type: 'sAMAccountName', values: ['Limited'] },
];

let directory: InMemoryDirectory;
let house: HubHouse;
let gateway: RunningGateway | undefined;

beforeAll(async () => {
  directory = await startInMemoryDirectory({ people: 10 });
  house = await startHub(configurationOf(directory));
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});
afterAll(async () => {
  await house.close();
  await directory.stop();
});

/** A gateway whose owner wrote this limits file. */
async function limited(file: object) {
  gateway = startGateway(house.port, { limits: parseLimits(JSON.stringify(file)) });
  await until(() => {
    const [instance] = house.hub.instances(gatewayId).filter(({ connected }) => connected);
    expect(instance).toMatchObject({ healthStatus: 'HEALTHY', limits: file });
  });
  return house.hub.link(gatewayId);
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const reason: unknown = await promise.then(
    () => 'it was allowed',
    (error: unknown) => error,
  );
  if (!(reason instanceof LdapError)) throw new Error(`no refusal: ${String(reason)}`);
  expect(reason.retryable).toBe(false);
  expect(reason.outcomeUnknown).toBe(false);
  return reason.code;
}

async function namesOf(search: SearchStream): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const bytes of search) for (const entry of new EntryBatch(bytes).entries()) names.push(entry.dn);
  return names;
}

const below = (base: string) =>
  ({ base, scope: 'sub', filter: present('objectClass'), attributes: [] }) as const;

describe('the limits file of a gateway, asked through the tunnel', () => {
  it('keeps a read-only directory unchanged, whatever the server asks', async () => {
    const link = await limited({ readOnly: true });
    const [someone = ''] = (await namesOf(link.search(below(USERS)))).filter((dn) => dn !== USERS);
    const before = await namesOf(link.search(below(directory.baseDn)));
    const writes = [
      link.add(GROUP, group),
      link.modify(someone, [{ operation: 'replace', type: 'title', values: ['x'] }]),
      link.modifyDn(someone, 'CN=Other', { deleteOldRdn: true }),
      link.delete(someone),
      // Password modify (RFC 3062).
      link.extended('1.3.6.1.4.1.4203.1.11.1', undefined),
    ];
    for (const write of writes) expect(await refusalOf(write)).toBe('GATEWAY_LIMIT_READ_ONLY');
    expect(await namesOf(link.search(below(directory.baseDn)))).toEqual(before);
    await link.compare(someone, 'objectClass', 'user');
  });

  it('lets nothing be read or written beside the allowed bases, in any spelling', async () => {
    const link = await limited({ readOnly: false, allowedBases: [USERS] });
    expect(await namesOf(link.search(below('cn=users, dc=CORP,dc=example')))).toContain(USERS);
    expect(await namesOf(link.search({ ...below(''), scope: 'base' }))).toEqual(['']);
    for (const base of [directory.baseDn, ELSEWHERE, '', `CN=Users,DC=corp,DC=example,DC=evil`, 'DC=example'])
      expect(await refusalOf(namesOf(link.search(below(base)))), base).toBe('GATEWAY_LIMIT_BASE');
    expect(await refusalOf(link.add(`CN=Limited,${ELSEWHERE}`, group))).toBe('GATEWAY_LIMIT_BASE');
    expect(await refusalOf(link.delete(ELSEWHERE))).toBe('GATEWAY_LIMIT_BASE');
    expect(await refusalOf(link.checkPassword('CORP\\administrator', 'x'))).toBe('GATEWAY_LIMIT_BASE');
    await link.add(GROUP, group);
    const away = link.modifyDn(GROUP, 'CN=Limited', { deleteOldRdn: true, newSuperior: ELSEWHERE });
    expect(await refusalOf(away)).toBe('GATEWAY_LIMIT_BASE');
    await link.delete(GROUP);
  });

  it('allows the operations it names and no others', async () => {
    const link = await limited({ readOnly: false, allowedOperations: ['search', 'compare'] });
    expect(await namesOf(link.search(below(USERS)))).toContain(USERS);
    expect(await refusalOf(link.delete(GROUP))).toBe('GATEWAY_LIMIT_OPERATION');
    expect(await refusalOf(link.checkPassword(directory.bindDn, directory.bindPassword))).toBe(
      'GATEWAY_LIMIT_OPERATION',
    );
    // Whether the directory can be reached may always be asked.
    expect((await house.hub.testConnection(gatewayId)).succeeded).toBe(true);
  });

  it('spreads what comes too fast, and loses none of it', async () => {
    const link = await limited({ readOnly: false, maxOperationsPerSecond: 20 });
    const startedMs = performance.now();
    await Promise.all(
      Array.from({ length: 40 }, () => link.compare(directory.bindDn, 'objectClass', 'user')),
    );
    // A second's worth at once, the second one at the rate.
    expect(performance.now() - startedMs).toBeGreaterThan(700);
  });
});
