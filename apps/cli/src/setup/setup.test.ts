// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how a variable is written in the file
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayBody, MappingBody, RuleBody, StoreBody } from '@sallyport/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import {
  type Answers,
  CLIENT,
  type ContractServer,
  Refusal,
  startContractServer,
} from '../test/contract-server.ts';
import {
  collection,
  ENVIRONMENT_ID,
  gatewayBody,
  mappingBody,
  populationBody,
  ruleBody,
  storeBody,
  uuid,
} from '../test/records.ts';
import { makeTestCli } from '../test/test-world.ts';
import { setupOf } from './current-setup.ts';
import { type DifferenceOptions, differenceOf, type SetupStep } from './difference.ts';
import { parseSetup } from './parse-setup.ts';
import type { Setup } from './setup-file.ts';
import { writeSetup } from './write-setup.ts';

const FILE = `
version: 1
gateways:
  - name: Headquarters
    vendor: Microsoft Active Directory
    servers: [dc1.corp.example:636, dc2.corp.example:636]
    bindDn: CN=svc,DC=corp,DC=example
    bindPassword: \${BIND_PASSWORD}
connections:
  - name: HQ directory
    type: LdapGateway
    gateway: Headquarters
    configuration: { LDAP_TYPE: Microsoft Active Directory }
  - name: Identity store
    type: PingOne
    configuration: { REMOVE_ACTION: Disable, CREATE_USERS: true }
rules:
  - name: Employees in
    source: HQ directory
    target: Identity store
    population: Employees
    configuration:
      USERS_BASE_DN: OU=People,DC=corp,DC=example
    mappings:
      - { target: username, source: sAMAccountName, case: LOWER }
      - { target: name.formatted, expression: "givenName + ' ' + sn" }
`;
const VARIABLES = { BIND_PASSWORD: 'hunter2' };
const NOTHING: Setup = { version: 1, gateways: [], connections: [], rules: [] };
const OPTIONS: DifferenceOptions = { prune: false, passwords: false, populations: ['Employees'] };

function stepNames(steps: readonly SetupStep[]): readonly string[] {
  return steps.map((step) => `${step.action} ${step.kind} ${step.name}`);
}

describe('a set-up file', () => {
  it('is read with its variables and defaults', () => {
    const setup = parseSetup(FILE, 'setup.yaml', VARIABLES);
    expect(setup.gateways[0]).toMatchObject({ bindPassword: 'hunter2', security: 'TLS', enabled: true });
    expect(setup.rules[0]?.mappings?.[0]).toMatchObject({ case: 'LOWER', createOnly: false, parser: 'NONE' });
    expect(
      parseSetup(
        FILE.replace('${BIND', () => '$${BIND'),
        'f',
        {},
      ).gateways[0]?.bindPassword,
    ).toBe('${BIND_PASSWORD}');
  });

  it('is refused with every fault and its line', () => {
    const wrong = FILE.replace('vendor: Microsoft Active Directory', 'vendor: Exchange')
      .replace('type: PingOne', 'typ: PingOne')
      .replace('case: LOWER', 'case: SMALL');
    const faults = faultsOf(() => parseSetup(wrong, 'setup.yaml', {}));
    expect(faults).toHaveLength(5);
    expect(faults[0]).toBe('the variable BIND_PASSWORD is not set in the environment');
    expect(faults[1]).toMatch(/^line 5: gateways\.0\.vendor: /);
    expect(faults.join('\n')).toContain('line 25: rules.0.mappings.0.case');
    expect(faultsOf(() => parseSetup('version: 1\nrules: [', 'f', {}))[0]).toMatch(/^line \d+: /);
    const twice = FILE.replace('name: Identity store', 'name: HQ directory');
    expect(faultsOf(() => parseSetup(twice, 'f', VARIABLES))).toEqual([
      'two connections are called "HQ directory"',
    ]);
  });
});

describe('the difference', () => {
  const wanted = parseSetup(FILE, 'setup.yaml', VARIABLES);

  it('makes everything in the order in which it can be made', () => {
    const { steps, faults } = differenceOf(NOTHING, wanted, OPTIONS);
    expect(faults).toEqual([]);
    expect(stepNames(steps)).toEqual([
      'create gateway Headquarters',
      'create connection HQ directory',
      'create connection Identity store',
      'create rule Employees in',
      'create mapping username',
      'create mapping name.formatted',
    ]);
    expect(JSON.stringify(steps.map(({ fields }) => fields))).not.toContain('hunter2');
  });

  it('is empty between a set-up and itself, whatever the type of a switch', () => {
    expect(differenceOf(wanted, wanted, OPTIONS).steps).toEqual([]);
    const texts = structuredClone(wanted);
    for (const connection of texts.connections)
      if (connection.type === 'PingOne') connection.configuration.CREATE_USERS = 'true';
    expect(differenceOf(wanted, texts, OPTIONS).steps).toEqual([]);
  });

  it('names each changed field, sends passwords only when asked to, and leaves mappings alone that no file lists', () => {
    const changed = structuredClone(wanted);
    for (const rule of changed.rules) {
      rule.configuration.USERS_LDAP_FILTER = '(department=Sales)';
      rule.mappings = rule.mappings?.slice(0, 1).map((mapping) => ({ ...mapping, source: 'mail' }));
    }
    const { steps } = differenceOf(wanted, changed, OPTIONS);
    expect(steps.map(({ kind, action, name, fields }) => ({ kind, action, name, fields }))).toEqual([
      {
        kind: 'rule',
        action: 'update',
        name: 'Employees in',
        fields: [
          { field: 'configuration.USERS_LDAP_FILTER', before: undefined, after: '(department=Sales)' },
        ],
      },
      {
        kind: 'mapping',
        action: 'update',
        name: 'username',
        fields: [{ field: 'source', before: 'sAMAccountName', after: 'mail' }],
      },
      { kind: 'mapping', action: 'delete', name: 'name.formatted', fields: [] },
    ]);
    for (const rule of changed.rules) rule.mappings = undefined;
    expect(stepNames(differenceOf(wanted, changed, OPTIONS).steps)).toEqual(['update rule Employees in']);
    const passwords = differenceOf(wanted, wanted, { ...OPTIONS, passwords: true }).steps;
    expect(stepNames(passwords)).toEqual(['update gateway Headquarters']);
  });

  it('deletes what the file does not name only when asked to, users before what they use', () => {
    expect(differenceOf(wanted, NOTHING, OPTIONS).steps).toEqual([]);
    expect(stepNames(differenceOf(wanted, NOTHING, { ...OPTIONS, prune: true }).steps)).toEqual([
      'delete rule Employees in',
      'delete connection HQ directory',
      'delete connection Identity store',
      'delete gateway Headquarters',
    ]);
  });

  it('lists everything that cannot be done, and says what to do', () => {
    const odd = structuredClone(wanted);
    for (const gateway of odd.gateways) gateway.bindPassword = undefined;
    for (const connection of odd.connections) if (connection.gateway) connection.gateway = 'Elsewhere';
    for (const rule of odd.rules) {
      rule.target = 'Nowhere';
      rule.population = 'Aliens';
    }
    expect(differenceOf(NOTHING, odd, OPTIONS).faults).toEqual([
      'gateway Headquarters is new and needs a bindPassword, such as ${BIND_PASSWORD}',
      'connection HQ directory: there is no gateway "Elsewhere"',
      'rule Employees in: there is no connection "Nowhere" for its target',
      'rule Employees in: there is no population "Aliens"',
    ]);
    const moved = structuredClone(wanted);
    for (const rule of moved.rules) rule.target = 'HQ directory';
    expect(differenceOf(wanted, moved, OPTIONS).faults).toEqual([
      'rule Employees in: its target is Identity store and cannot be changed to HQ directory; give the rule a new name',
    ]);
  });

  it('finds nothing between what export writes and what it was written from', () => {
    const current = setupOf({
      gateways: [gatewayBody(301, 'Headquarters', { description: 'costs ${5}, "quoted": yes' })],
      stores: [
        storeBody(201, 'HQ directory', {
          type: 'LdapGateway',
          configuration: {
            ENVIRONMENT_ID,
            GATEWAY_ID: uuid(301),
            LDAP_TYPE: 'PingDirectory',
            managed: false,
          },
        }),
        storeBody(202, 'Identity store'),
      ],
      rules: [
        ruleBody(1, 'Employees in', {
          configuration: { POPULATION_ID: uuid(500), USERS_BASE_DN: 'OU=a\\,b,DC=c' },
        }),
      ],
      mappings: new Map([
        [
          uuid(1),
          [mappingBody(601, uuid(1)), mappingBody(602, uuid(1), { targetAttribute: 'no', trim: true })],
        ],
      ]),
      populations: [populationBody(500, 'Employees')],
    });
    const text = writeSetup(current, ['Heading']);
    expect(text).not.toContain(ENVIRONMENT_ID);
    expect(text).not.toContain('followReferrals');
    expect(text).toContain('population: Employees');
    expect(differenceOf(current, parseSetup(text, 'f', {}), { ...OPTIONS, prune: true }).steps).toEqual([]);
  });
});

describe('apply', () => {
  let server: ContractServer | undefined;
  afterEach(() => server?.close());

  it('makes everything through the API, the rule active last, then a revision; a second time nothing differs', async () => {
    const memory = makeMemory();
    const { call, file } = await signedIn(memory.answers);
    const argv = ['apply', '-f', file];
    const dry = await call([...argv, '--dry-run'], { environment: VARIABLES });
    expect(dry).toMatchObject({ exitCode: EXIT_CODE.ok, err: '' });
    expect(dry.out).toContain('+ rule Employees in\n    active: true\n    source: HQ directory');
    expect(dry.out).not.toContain('hunter2');
    expect(memory.writes).toEqual([]);

    const no = await call(argv, { environment: VARIABLES, typed: [''] });
    expect(no.exitCode).toBe(EXIT_CODE.notConfirmed);
    expect(memory.writes).toEqual([]);

    const done = await call(argv, { environment: VARIABLES, typed: ['y'] });
    expect(done).toMatchObject({ exitCode: EXIT_CODE.ok });
    expect(memory.writes).toEqual([
      'gateways.create',
      'stores.create',
      'stores.create',
      'plans.create',
      'rules.create inactive',
      'mappings.create',
      'mappings.create',
      'rules.replace active',
      'revisions.create',
    ]);
    expect(memory.rules[0]?.configuration).toMatchObject({ POPULATION_ID: uuid(500) });
    expect(memory.stores[0]?.configuration).toMatchObject({
      GATEWAY_ID: memory.gateways[0]?.id,
      ENVIRONMENT_ID,
    });
    const again = await call(argv, { environment: VARIABLES });
    expect(again).toMatchObject({ exitCode: EXIT_CODE.ok, out: 'Nothing differs.\n' });
    const exported = await call(['export']);
    expect(parseSetup(exported.out, 'export', {}).rules[0]?.mappings).toHaveLength(2);
  });

  it('says how far it came when the server refuses, makes no revision then, and goes on from there the next time', async () => {
    const memory = makeMemory();
    const { call, file } = await signedIn(memory.answers);
    memory.refuseMappings = true;
    const argv = ['apply', '-f', file, '--yes'];
    const refused = await call(argv, { environment: VARIABLES });
    expect(refused.exitCode).toBe(EXIT_CODE.failed);
    expect(refused.err).toContain('The create of mapping username was refused: The data is wrong.');
    expect(refused.err).toContain('sourceAttribute: The directory has no attribute "sAMAccountName"');
    expect(refused.err).toContain('4 of 6 steps are saved, and no revision was made');
    expect(memory.writes).not.toContain('revisions.create');
    memory.refuseMappings = false;
    const done = await call(argv, { environment: VARIABLES });
    expect(done.exitCode).toBe(EXIT_CODE.ok);
    expect(memory.rules[0]?.active).toBe(true);
    expect(memory.writes.filter((one) => one === 'gateways.create')).toHaveLength(1);
  });

  async function signedIn(answers: Answers) {
    server = await startContractServer(answers);
    const cli = makeTestCli({
      environment: {
        SALLYPORT_SERVER_URL: server.url,
        SALLYPORT_ENVIRONMENT_ID: ENVIRONMENT_ID,
        SALLYPORT_CLIENT_ID: CLIENT.id,
        SALLYPORT_CLIENT_SECRET: CLIENT.secret,
      },
    });
    const file = join(cli.folder, 'setup.yaml');
    writeFileSync(file, FILE);
    return { ...cli, file };
  }
});

/** Just enough of a server's memory for a set-up to be made in it. */
function makeMemory() {
  const gateways: GatewayBody[] = [];
  const stores: StoreBody[] = [];
  const rules: RuleBody[] = [];
  const mappings: MappingBody[] = [];
  const plans: { readonly id: string; readonly name: string }[] = [];
  const revisions: { readonly id: string; readonly createdAt: string }[] = [];
  const writes: string[] = [];
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const tick = (): string => {
    clock += 1000;
    return new Date(clock).toISOString();
  };
  const planBody = (plan: { readonly id: string; readonly name: string }) => ({
    ...plan,
    environment: { id: ENVIRONMENT_ID },
    status: 'ACTIVE',
  });
  const memory = { gateways, stores, rules, writes, refuseMappings: false };
  const answers: Answers = {
    'gateways.list': () => collection('gateways', gateways),
    'stores.list': () => collection('stores', stores),
    'rules.list': () => collection('rules', rules),
    'plans.list': () => collection('plans', plans.map(planBody)),
    'populations.list': () => collection('populations', [populationBody(500, 'Employees')]),
    'mappings.list': ({ params }) =>
      collection(
        'mappings',
        mappings.filter(({ rule }) => rule.id === params.ruleId),
      ),
    'revisions.list': () =>
      collection(
        'revisions',
        revisions.toReversed().map((one) => ({ ...one, environment: { id: ENVIRONMENT_ID } })),
      ),
    'gateways.create': ({ body }) => {
      writes.push('gateways.create');
      // The wire's input is checked against the contract before it comes here.
      const { bindPassword: _, ...input } = body as Partial<GatewayBody> & { readonly bindPassword: string };
      gateways.push(gatewayBody(300 + gateways.length, '', { ...withoutNulls(input) }));
      return gateways.at(-1);
    },
    'stores.create': ({ body }) => {
      writes.push('stores.create');
      const input = body as Partial<StoreBody>;
      stores.push(storeBody(200 + stores.length, '', { ...withoutNulls(input), updatedAt: tick() }));
      return stores.at(-1);
    },
    'plans.create': ({ body }) => {
      writes.push('plans.create');
      const { name } = body as { readonly name: string };
      plans.push({ id: uuid(900), name });
      return planBody({ id: uuid(900), name });
    },
    'rules.create': ({ body }) => {
      const input = body as Partial<RuleBody>;
      writes.push(`rules.create ${input.active === true ? 'active' : 'inactive'}`);
      rules.push(ruleBody(1, '', { ...withoutNulls(input), updatedAt: tick() }));
      return rules.at(-1);
    },
    'rules.replace': ({ body }) => {
      const input = body as Partial<RuleBody>;
      writes.push(`rules.replace ${input.active === true ? 'active' : 'inactive'}`);
      const [before] = rules.splice(0, 1);
      rules.push({ ...ruleBody(1, ''), ...before, ...withoutNulls(input), updatedAt: tick() });
      return rules.at(-1);
    },
    'mappings.create': ({ params, body }) => {
      if (memory.refuseMappings)
        throw new Refusal(400, {
          id: 'x',
          code: 'INVALID_DATA',
          message: 'The data is wrong',
          details: [
            {
              code: 'UNKNOWN_ATTRIBUTE',
              target: 'sourceAttribute',
              message: 'The directory has no attribute "sAMAccountName"',
            },
          ],
        });
      writes.push('mappings.create');
      const input = body as Partial<MappingBody>;
      const { sourceAttribute: _, ...bare } = mappingBody(600 + mappings.length, params.ruleId ?? '');
      mappings.push({ ...bare, ...withoutNulls(input) });
      return mappings.at(-1);
    },
    'revisions.create': () => {
      writes.push('revisions.create');
      const made = { id: uuid(700 + revisions.length), createdAt: tick() };
      revisions.push(made);
      return { ...made, environment: { id: ENVIRONMENT_ID } };
    },
  };
  return Object.assign(memory, { answers });
}

function withoutNulls<T extends object>(value: T): T {
  // A value loses the properties that are null: an optional property of the answer may not be.
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null)) as T;
}

function faultsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof CliError) return error.details;
    throw error;
  }
  return [];
}
