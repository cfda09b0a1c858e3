import type { GatewayBody, GatewayInstanceBody, RuleBody, RuleStatusBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Connection, Context } from '../command/context.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { listGateways, listRules } from '../lookup/records.ts';
import { stateColour } from '../run/outcome.ts';
import { count } from '../terminal/progress-line.ts';
import { relativeText } from '../terminal/time-text.ts';

interface RuleRow {
  readonly rule: RuleBody;
  readonly status: RuleStatusBody;
}

interface GatewayRow {
  readonly gateway: GatewayBody;
  readonly instances: readonly GatewayInstanceBody[];
}

export const status = command({
  words: 'status',
  summary: 'Shows how all rules and gateways are doing.',
  args: {},
  flags: {
    check: {
      type: 'switch',
      description: 'Exit code 1 if a rule has failed or a gateway has no instance, 3 if removals are held.',
    },
  },
  examples: ['sallyport status', 'sallyport status --check --json > status.json'],
  run: async (context, { flags }) => {
    const connection = await context.connect();
    const [rules, gateways] = await Promise.all([readRules(connection), readGateways(connection)]);
    if (context.json)
      context.printJson({
        rules: rules.map(({ rule, status: state }) => ({ id: rule.id, name: rule.name, status: state })),
        gateways: gateways.map(({ gateway, instances }) => ({
          id: gateway.id,
          name: gateway.name,
          instances,
        })),
      });
    else show(context, rules, gateways);
    return flags.check ? verdict(rules, gateways) : EXIT_CODE.ok;
  },
});

async function readRules(connection: Connection): Promise<readonly RuleRow[]> {
  const { api, environmentId } = connection;
  const rules = await listRules(connection);
  return Promise.all(
    rules.map(async (rule) => ({
      rule,
      status: await api.ruleState.readStatus({ environmentId, ruleId: rule.id }),
    })),
  );
}

async function readGateways(connection: Connection): Promise<readonly GatewayRow[]> {
  const { api, environmentId } = connection;
  const gateways = await listGateways(connection);
  return Promise.all(
    gateways.map(async (gateway) => ({
      gateway,
      instances: (await api.gateways.listInstances({ environmentId, gatewayId: gateway.id }))._embedded
        .gatewayInstances,
    })),
  );
}

function show(context: Context, rules: readonly RuleRow[], gateways: readonly GatewayRow[]): void {
  const now = context.world.now();
  context.printTable(
    rules,
    [
      { title: 'RULE', text: ({ rule }) => rule.name },
      {
        title: 'STATE',
        text: ({ status: { state } }) => state,
        colour: ({ status: { state } }) => stateColour(state),
      },
      { title: 'USERS', text: ({ status: { users } }) => count(users.impacted), align: 'right' },
      { title: 'OK', text: ({ status: { users } }) => count(users.success), align: 'right' },
      { title: 'UNSYNCED', text: ({ status: { users } }) => count(users.unsynced), align: 'right' },
      { title: 'FAILED', text: ({ status: { users } }) => count(users.failed), align: 'right' },
      { title: 'HELD', text: ({ status: { users } }) => count(users.held), align: 'right' },
      { title: 'CONFLICT', text: ({ status: { users } }) => count(users.conflict), align: 'right' },
      {
        title: 'GROUPS',
        text: ({ status: { readsGroups, groups } }) => (readsGroups ? count(groups.impacted) : '–'),
        align: 'right',
      },
      {
        title: 'GROUPS OK',
        text: ({ status: { readsGroups, groups } }) => (readsGroups ? count(groups.success) : '–'),
        align: 'right',
      },
      { title: 'LAST RUN', text: ({ status: { lastRun } }) => lastRunText(lastRun, now) },
      {
        title: 'NEXT',
        text: ({ status: state }) => (state.running ? 'running' : relativeText(state.nextRunAt, now)),
      },
    ],
    'There are no rules yet; "sallyport apply -f FILE" makes them.',
  );
  const remarks = rules.flatMap(({ rule, status: state }) =>
    remarksOf(state).map((remark) => context.paint('yellow', `${rule.name}: ${remark}`)),
  );
  if (remarks.length > 0) context.print('', ...remarks);
  context.print('');
  context.printTable(
    gateways,
    [
      { title: 'GATEWAY', text: ({ gateway }) => gateway.name },
      { title: 'DIRECTORY', text: ({ gateway }) => gateway.vendor },
      {
        title: 'INSTANCES',
        text: ({ instances }) => String(instances.filter(isConnected).length),
        align: 'right',
      },
      {
        title: 'HEALTH',
        text: (row) => healthOf(row),
        colour: (row) => (healthOf(row) === 'HEALTHY' ? 'green' : row.gateway.enabled ? 'red' : 'dim'),
      },
      {
        title: 'ERRORS',
        text: ({ gateway, instances }) =>
          [
            ...instances.filter(isConnected).flatMap(({ currentErrors }) => currentErrors),
            ...gateway.currentAlerts,
          ]
            .map(({ message }) => message)
            .join('; '),
      },
    ],
    'There are no gateways yet; "sallyport gateway create" makes one.',
  );
}

function lastRunText(run: RuleStatusBody['lastRun'], now: number): string {
  return run === undefined
    ? '–'
    : `${run.type} ${run.status} ${relativeText(run.endedAt ?? run.startedAt, now)}`;
}

function remarksOf(state: RuleStatusBody): readonly string[] {
  const { breaker, detail } = state;
  return [
    ...(['FAILED', 'HELD', 'WAITING'].includes(state.state) && detail !== '' ? [detail] : []),
    ...(breaker.open && breaker.reason !== detail
      ? [`Polls are paused after ${breaker.failures} failures: ${breaker.reason ?? 'no reason is known'}`]
      : []),
    ...state.warnings,
  ];
}

function isConnected(instance: GatewayInstanceBody): boolean {
  return instance.connected;
}

function healthOf({ gateway, instances }: GatewayRow): string {
  if (!gateway.enabled) return 'disabled';
  const connected = instances.filter(isConnected);
  if (connected.length === 0) return 'not connected';
  const worst = ['UNHEALTHY', 'DEGRADED'].find((grade) =>
    connected.some(({ healthStatus }) => healthStatus === grade),
  );
  return worst ?? 'HEALTHY';
}

function verdict(rules: readonly RuleRow[], gateways: readonly GatewayRow[]): ExitCode {
  const isDown = (row: GatewayRow): boolean => row.gateway.enabled && !row.instances.some(isConnected);
  if (rules.some(({ status: { state } }) => state === 'FAILED') || gateways.some(isDown))
    return EXIT_CODE.failed;
  return rules.some(({ status: { state } }) => state === 'HELD') ? EXIT_CODE.held : EXIT_CODE.ok;
}
