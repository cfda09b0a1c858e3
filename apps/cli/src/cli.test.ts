import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT_CODE } from './exit-code.ts';
import {
  type Answers,
  CLIENT,
  type ContractServer,
  Refusal,
  startContractServer,
} from './test/contract-server.ts';
import {
  collection,
  ENVIRONMENT_ID,
  gatewayBody,
  ruleBody,
  runBody,
  statusBody,
  storeBody,
  uuid,
} from './test/records.ts';
import { makeTestCli } from './test/test-world.ts';

const RULE = ruleBody(1, 'Employees in');
const OTHER_RULE = ruleBody(2, 'Partners in', { active: false });
const GATEWAY = gatewayBody(301, 'Headquarters');
const BASICS: Answers = {
  'rules.list': () => collection('rules', [RULE, OTHER_RULE]),
  'stores.list': () =>
    collection('stores', [
      storeBody(201, 'HQ directory', { type: 'LdapGateway' }),
      storeBody(202, 'Identity store'),
    ]),
  'gateways.list': () => collection('gateways', [GATEWAY]),
  'gateways.listInstances': () => collection('gatewayInstances', []),
  'ruleState.readStatus': ({ params }) => statusBody(params.ruleId ?? ''),
};

let server: ContractServer | undefined;
afterEach(() => server?.close());

async function signedIn(answers: Answers = {}) {
  server = await startContractServer({ ...BASICS, ...answers });
  const cli = makeTestCli({
    environment: {
      SALLYPORT_SERVER_URL: server.url,
      SALLYPORT_ENVIRONMENT_ID: ENVIRONMENT_ID,
      SALLYPORT_CLIENT_ID: CLIENT.id,
      SALLYPORT_CLIENT_SECRET: CLIENT.secret,
    },
  });
  return { ...cli, calls: server.calls };
}

describe('sign-in', () => {
  const environment = {
    id: ENVIRONMENT_ID,
    name: 'Acme',
    type: 'SANDBOX',
    region: 'EU',
    status: 'ACTIVE',
    organization: { id: uuid(7) },
    license: { id: uuid(8) },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
  const answers: Answers = { ...BASICS, 'environments.read': () => environment };

  it('keeps a token that only its owner can read, and no secret unless asked to', async () => {
    server = await startContractServer(answers);
    const { call, folder } = makeTestCli();
    const argv = ['login', '--server', server.url, '--environment', ENVIRONMENT_ID, '--client-id', CLIENT.id];
    const file = join(folder, 'sallyport', 'default.json');

    const first = await call([...argv, '--secret-stdin'], { input: `${CLIENT.secret}\n` });
    expect(first).toMatchObject({ exitCode: EXIT_CODE.ok, err: '' });
    expect(first.out).toContain('Signed in to environment Acme');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(CLIENT.secret);
    expect((await call(['rule', 'list'])).exitCode).toBe(EXIT_CODE.ok);

    const ended = await call(['rule', 'list'], { now: Date.now() + 2 * 3600_000 });
    expect(ended.exitCode).toBe(EXIT_CODE.refused);
    expect(ended.err).toContain('NOT_SIGNED_IN');

    await call([...argv, '--keep-secret'], { typed: [CLIENT.secret] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await call(['rule', 'list'], { now: Date.now() + 2 * 3600_000 })).exitCode).toBe(EXIT_CODE.ok);

    expect((await call(['logout'])).out).toBe('Signed out.\n');
    expect((await call(['rule', 'list'])).exitCode).toBe(EXIT_CODE.refused);
  });

  it('tells a wrong secret, a missing one, an address without encryption and a server that is not there apart', async () => {
    server = await startContractServer(answers);
    const { call } = makeTestCli();
    const argv = [
      'login',
      '--environment',
      ENVIRONMENT_ID,
      '--client-id',
      CLIENT.id,
      '--secret-stdin',
      '--server',
    ];
    const wrong = await call([...argv, server.url], { input: 'wrong' });
    expect(wrong).toMatchObject({ exitCode: EXIT_CODE.refused, out: '' });
    expect(wrong.err).toContain('Client id or secret is wrong');
    expect(wrong.err).toContain('Check client id and secret');

    const open = await call([...argv, 'http://sallyport.example.com'], { input: 'x' });
    expect(open.exitCode).toBe(EXIT_CODE.usage);
    expect(open.err).toContain('not encrypted');

    expect((await call(argv.slice(0, -2))).exitCode).toBe(EXIT_CODE.usage);
    const { url } = server;
    await server.close();
    const gone = await call([...argv, url], { input: 'x' });
    expect(gone.exitCode).toBe(EXIT_CODE.unreachable);
    expect(gone.err).toMatch(/cannot be reached: nothing listens there\. \(SERVER_UNREACHABLE\)\n/);
  });
});

describe('commands', () => {
  it('finds a rule by id and by name in any case, and names those there are when it does not', async () => {
    const { call } = await signedIn({ 'mappings.list': () => collection('mappings', []) });
    for (const name of [RULE.id, 'Employees in', 'EMPLOYEES IN']) {
      const shown = await call(['rule', 'show', name]);
      expect(shown).toMatchObject({ exitCode: EXIT_CODE.ok, err: '' });
      expect(shown.out).toContain('HQ directory');
    }
    const missing = await call(['rule', 'show', 'Employes']);
    expect(missing.exitCode).toBe(EXIT_CODE.failed);
    expect(missing.err).toBe(
      'There is no rule with the id or name "Employes". (NOT_FOUND)\nKnown are: Employees in, Partners in.\n',
    );
  });

  it('asks before it changes anything, and refuses when nobody can be asked', async () => {
    const { call, calls } = await signedIn({
      'runs.start': () => runBody(5, RULE.id, { status: 'running' }),
    });
    const nobody = await call(['rule', 'run', 'Employees in']);
    const no = await call(['rule', 'run', 'Employees in'], { typed: ['n'] });
    expect([nobody.exitCode, no.exitCode]).toEqual([EXIT_CODE.notConfirmed, EXIT_CODE.notConfirmed]);
    expect(no.err).toContain('Start a delta run of Employees in? [y/N] ');
    expect(calls.some((one) => one.startsWith('runs.start'))).toBe(false);
    await call(['rule', 'run', 'Employees in', '--full'], { typed: ['Yes'] });
    await call(['rule', 'run', 'Employees in', '--yes', '--reason', 'new hires']);
    expect(calls.filter((one) => one.startsWith('runs.start'))).toEqual([
      'runs.start {"type":"full"}',
      'runs.start {"type":"delta","reason":"new hires"}',
    ]);
  });

  it.each([
    ['completed', EXIT_CODE.ok],
    ['held', EXIT_CODE.held],
    ['failed', EXIT_CODE.failed],
  ] as const)('waits for a run and tells %s by the exit code', async (status, exitCode) => {
    let reads = 0;
    const { call } = await signedIn({
      'runs.start': () => runBody(5, RULE.id, { status: 'running', endedAt: undefined }),
      'runs.read': () => {
        reads += 1;
        return reads < 3
          ? runBody(5, RULE.id, { status: 'running', endedAt: undefined })
          : runBody(5, RULE.id, {
              status,
              ...(status === 'failed' ? { error: { code: 'LDAP_BUSY', message: 'The server is busy' } } : {}),
            });
      },
    });
    const waited = await call(['rule', 'run', 'Employees in', '--full', '--wait', '--yes']);
    expect(waited.exitCode).toBe(exitCode);
    expect(waited.out).toContain(`Full run ${status} in 2.0 s: 1,000 read, 500/s.`);
    expect(waited.out).toMatch(/created +900\n/);
    expect(waited.out.includes('The server is busy (LDAP_BUSY)')).toBe(status === 'failed');
    expect(waited.out.includes('rule hold list "Employees in"')).toBe(status === 'held');
  });

  it('reads pages only as far as they are wanted, and all of them for programs', async () => {
    const changes = Array.from({ length: 25 }, (_, index) => ({
      at: '2026-01-02T10:00:00.000Z',
      objectType: 'user',
      sourceKey: uuid(1000 + index),
      place: `CN=${index}`,
      label: `person${index}`,
      outcome: 'updated',
      reason: 'differs',
      changes: [{ attribute: 'title', before: ['Clerk'], after: ['Head\u001b[31m'] }],
    }));
    const answers: Answers = {
      'runs.list': () => collection('runs', [runBody(5, RULE.id)]),
      'runs.read': ({ params }) => {
        if (params.ruleId === RULE.id) return runBody(5, RULE.id);
        throw new Refusal(404, { id: 'x', code: 'NOT_FOUND', message: 'There is no such run' });
      },
      'runs.listChanges': ({ url, query }) => collection('changes', changes, { url, query, pageSize: 10 }),
    };
    const { call, calls } = await signedIn(answers);
    const some = await call(['rule', 'changes', 'Employees in', '--limit', '3']);
    expect(some.out.match(/person/g)).toHaveLength(3);
    expect(some.err).toBe('22 more; --limit all shows everything.\n');
    expect(calls.filter((one) => one === 'runs.listChanges')).toHaveLength(1);
    // What a directory's users can write must not reach the administrator's terminal as a command.
    expect(some.out).toContain('title: Clerk → Head\\u001b[31m');
    const all = await call(['rule', 'changes', uuid(5), '--json']);
    expect(JSON.parse(all.out)).toEqual(changes);
  });

  it('shows the state of everything and turns it into an exit code when asked', async () => {
    const { call } = await signedIn({
      'ruleState.readStatus': ({ params }) =>
        params.ruleId === RULE.id
          ? statusBody(RULE.id, {
              state: 'HELD',
              detail: '600 removals wait for a person',
              warnings: ['The account cannot read deleted objects'],
              lastRun: runBody(5, RULE.id, { status: 'held' }),
              nextRunAt: '2026-01-02T10:05:00.000Z',
            })
          : statusBody(OTHER_RULE.id, { state: 'INACTIVE' }),
      'gateways.listInstances': () =>
        collection('gatewayInstances', [
          {
            id: uuid(400),
            environment: { id: ENVIRONMENT_ID },
            gateway: { id: GATEWAY.id },
            credential: { id: uuid(401) },
            connected: true,
            healthStatus: 'HEALTHY',
            currentErrors: [],
            hostname: 'agent-1',
            initializedAt: '2026-01-02T09:00:00.000Z',
            lastReportedAt: '2026-01-02T10:00:00.000Z',
            version: { versionNumber: '0.1.0', updateStatus: 'CURRENT' },
          },
        ]),
    });
    const now = Date.parse('2026-01-02T10:04:00.000Z');
    const shown = await call(['status', '--check'], { now });
    expect(shown.exitCode).toBe(EXIT_CODE.held);
    expect(shown.out).toBe(
      [
        'RULE          STATE     USERS   OK  UNSYNCED  FAILED  HELD  CONFLICT  GROUPS  GROUPS OK  LAST RUN                  NEXT',
        'Employees in  HELD      1,000  998         0       2     0         0       0          0  full held 3 min 58 s ago  in 1 min',
        'Partners in   INACTIVE  1,000  998         0       2     0         0       0          0  –                         –',
        '',
        'Employees in: 600 removals wait for a person',
        'Employees in: The account cannot read deleted objects',
        '',
        'GATEWAY       DIRECTORY                   INSTANCES  HEALTH   ERRORS',
        'Headquarters  Microsoft Active Directory          1  HEALTHY',
        '',
      ].join('\n'),
    );
    const json: unknown = JSON.parse((await call(['status', '--json'])).out);
    expect(json).toMatchObject({
      rules: [{ name: 'Employees in', status: { state: 'HELD' } }, {}],
      gateways: [{}],
    });
  });

  it('releases exactly the held run it asked about', async () => {
    let decided: string | undefined;
    const { call, calls } = await signedIn({
      'ruleState.readStatus': ({ params }) => {
        const runs = params.ruleId === RULE.id ? [{ id: uuid(5) }, { id: uuid(6) }] : [];
        const heldRemovals = { users: 1, groups: 0, memberships: 1, runs };
        return statusBody(params.ruleId ?? '', runs.length > 0 ? { heldRemovals } : {});
      },
      'runs.read': ({ params }) => {
        const number = params.runId === uuid(6) ? 6 : 5;
        const startedAt = `2026-11-03T09:0${number}:00.000Z`;
        return runBody(number, RULE.id, { status: 'held', startedAt });
      },
      'runs.listRemovals': () =>
        collection('removals', [
          {
            objectType: 'user',
            sourceKey: 'k',
            place: 'CN=A',
            label: 'ada',
            how: 'deleted',
            detail: 'a tombstone',
          },
          {
            objectType: 'membership',
            sourceKey: 'g',
            place: 'CN=Night Watch',
            label: 'bob',
            how: 'leftGroup',
            detail: '',
            group: { id: uuid(7), name: 'Night Watch' },
            member: { type: 'user', id: uuid(8) },
          },
        ]),
      'runs.release': ({ params }) => {
        decided = params.runId;
        return { run: { id: params.runId }, removals: 2, memberships: 1 };
      },
    });
    const listed = await call(['rule', 'hold', 'list', 'Employees in']);
    expect(listed.out).toContain('gone from the source');
    expect(listed.out).toMatch(/bob in Night Watch +membership +left the group/);
    const released = await call(['rule', 'hold', 'release', 'Employees in'], { typed: ['y'] });
    expect(released).toMatchObject({
      exitCode: EXIT_CODE.ok,
      out: '2 removals, 1 membership among them, released.\n',
    });
    expect(released.err).toContain('Carry out the 2 removals held by the run of');
    expect(calls.at(-1)).toBe('runs.release');
    expect(decided).toBe(uuid(6));
    const idle = await call(['rule', 'hold', 'release', 'Partners in', '--yes']);
    expect(idle).toMatchObject({
      exitCode: EXIT_CODE.failed,
      err: expect.stringContaining('holds no removals'),
    });
    const nothing = await call(['rule', 'hold', 'discard', 'Partners in', '--run', uuid(9), '--yes']);
    expect(nothing.exitCode).toBe(EXIT_CODE.failed);
  });

  it('shows a group with its members, and a rule with its groups', async () => {
    const group = {
      id: uuid(7),
      environment: { id: uuid(1) },
      name: 'Night Watch',
      displayName: 'Night Watch',
      sourceType: 'GATEWAY',
      directMemberCounts: { users: 2 },
      totalMemberCounts: { users: 5 },
      createdAt: '2026-11-03T09:00:00.000Z',
      updatedAt: '2026-11-03T09:00:00.000Z',
    };
    const asked: string[] = [];
    const { call } = await signedIn({
      'groups.list': () => collection('groups', [group]),
      'groups.read': () => group,
      'groups.listSyncedRules': () => collection('syncedRules', []),
      'groups.listNestings': ({ url, query }) =>
        collection(
          'groupMemberships',
          ['Everybody', 'Night'].map((name, at) => ({
            id: uuid(60 + at),
            environment: { id: uuid(1) },
            name,
            type: 'DIRECT',
          })),
          { url, query, pageSize: 1 },
        ),
      'ruleState.readStatus': ({ params }) =>
        statusBody(params.ruleId ?? '', {
          heldRemovals: { users: 1, groups: 0, memberships: 2, runs: [{ id: uuid(9) }] },
        }),
      'users.list': ({ query }) => {
        asked.push(String(query.get('filter')));
        return collection('users', []);
      },
    });
    const list = await call(['group', 'list']);
    expect(list.out).toMatch(/Night Watch +external +2 /);
    const shown = await call(['group', 'show', 'night watch']);
    expect(shown.out).toMatch(/members +5, 2 of them directly/);
    expect(shown.out).toMatch(/in groups +Everybody, Night\n/);
    expect(asked).toEqual([`memberOfGroups.id eq "${uuid(7)}"`]);
    const status = await call(['rule', 'status', 'Employees in']);
    expect(status.out).toMatch(/Held +1 user, 0 groups and 2 memberships; see/);
    expect(status.out).toMatch(/STATE +USERS +GROUPS/);
    expect(status.out).toMatch(/in sync +998 +0/);
    expect(status.out).toMatch(/failed +2 +0/);
    expect(status.out).toContain('As PingOne counts users: impacted 1000, success 998');
  });

  it('does not say the same twice', async () => {
    const { call } = await signedIn({
      'gateways.list': () => {
        throw new Refusal(400, {
          id: 'log-id-2',
          code: 'REQUEST_FAILED',
          message: 'The gateway is gone',
          details: [{ code: 'GATEWAY_GONE', message: 'The gateway is gone' }],
        });
      },
    });
    const { err } = await call(['gateway', 'list']);
    expect(err.match(/The gateway is gone/g)).toHaveLength(1);
    expect(err).toContain('GATEWAY_GONE');
  });

  it('gives every fault of a refusal with its target, for people and for programs', async () => {
    const { call } = await signedIn({
      'gateways.create': () => {
        throw new Refusal(400, {
          id: 'log-id-1',
          code: 'INVALID_DATA',
          message: 'The request could not be completed. There was an issue with the data',
          details: [
            { code: 'INVALID_VALUE', target: 'bindDN', message: 'not a DN' },
            { code: 'UNIQUENESS_VIOLATION', target: 'name', message: 'taken' },
          ],
        });
      },
    });
    const argv = [
      'gateway',
      'create',
      'HQ',
      '--vendor',
      'ldap',
      '--server',
      'h:389',
      '--bind-dn',
      'x',
      '--yes',
    ];
    const environment = { SALLYPORT_BIND_PASSWORD: 'hunter2' };
    const refused = await call(argv, { environment });
    expect(refused.exitCode).toBe(EXIT_CODE.failed);
    expect(refused.err).toBe(
      [
        'The request could not be completed. There was an issue with the data. (INVALID_DATA)',
        '  - bindDN: not a DN (INVALID_VALUE)',
        '  - name: taken (UNIQUENESS_VIOLATION)',
        'Correct what is named and try again.',
        "Id in the server's log: log-id-1",
        '',
      ].join('\n'),
    );
    const json: unknown = JSON.parse((await call([...argv, '--json'], { environment })).err);
    expect(json).toMatchObject({ code: 'INVALID_DATA', id: 'log-id-1', exitCode: EXIT_CODE.failed });
    const faults = await call(['gateway', 'create', 'HQ', '--vendor', 'exchange']);
    expect(faults.exitCode).toBe(EXIT_CODE.usage);
    expect(faults.err.match(/^ {2}- /gm)).toHaveLength(3);
  });

  it('gives a token alone on standard output', async () => {
    const { call } = await signedIn({
      'gateways.createCredential': () => ({
        id: uuid(77),
        createdAt: '2026-01-01T00:00:00.000Z',
        credential: 'eyJ.token.sig',
      }),
    });
    const made = await call(['gateway', 'credential', 'create', 'headquarters', '--yes']);
    expect(made.out).toBe('eyJ.token.sig\n');
    expect(made.err).toContain('SALLYPORT_GATEWAY_CREDENTIAL');
  });
});

describe('the command line', () => {
  it('lists everything wrong with it at once and says how it goes', async () => {
    const { call } = makeTestCli();
    const wrong = await call(['rule', 'run', '--ful', '--reason', '', '--wait=no']);
    expect(wrong.exitCode).toBe(EXIT_CODE.usage);
    expect(wrong.err).toBe(
      [
        'The command line cannot be used. (USAGE)',
        '  - --ful is not a flag of this command',
        '  - --reason needs a value: TEXT',
        '  - --wait takes no value',
        '  - RULE is missing: Id or name of the rule',
        'Usage: sallyport rule run RULE [--full] [--delta] [--wait] [--reason TEXT] [--yes]',
        '',
      ].join('\n'),
    );
    expect((await call(['rule'])).err).toContain('Expected one of: rule list, rule show');
    expect((await call(['rulez'])).exitCode).toBe(EXIT_CODE.usage);
    expect((await call(['version', 'twice'])).err).toContain('one argument too many');
  });

  it('helps with everything, with a group and with one command', async () => {
    const { call } = makeTestCli();
    for (const argv of [[], ['help'], ['--help']])
      expect((await call(argv)).out).toContain('environment list');
    const group = await call(['rule', 'hold', '--help']);
    expect(group.out).toContain('rule hold release');
    expect(group.out).not.toContain('gateway list');
    for (const argv of [
      ['rule', 'run', '-h'],
      ['help', 'rule', 'run'],
    ])
      expect((await call(argv)).out).toContain('Usage: sallyport rule run RULE');
  });

  it('is described in docs/cli.md as it is', async () => {
    const { call } = makeTestCli();
    const written = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    // To write it anew: npm run -s sallyport -- help --reference > docs/cli.md
    expect((await call(['help', '--reference'])).out).toBe(written);
  });
});
