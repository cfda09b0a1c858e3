// `npm run demo`: the whole job on this machine. A directory, a server on SQLite in a throw-away folder and a gateway are
// started; connection, mappings and rule are made through the public API; the first sync, a preview and an explanation are
// shown; then the directory goes on changing and each change is watched until it has arrived. Ctrl-C ends all of it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, RunBody } from '@sallyport/contract';
import { type EndFailure, makeLife } from '@sallyport/runtime';
import {
  clientOf,
  freePort,
  makeGateway,
  makeRevision,
  type Program,
  ROOT,
  type RunningServer,
  startGateway,
  startServer,
  testCertificates,
  waitForInstances,
} from '@sallyport/testkit';
import { explanationLines } from '../apps/cli/src/commands/rule-explain.ts';
import { describeFault } from '../apps/cli/src/fault/describe-fault.ts';
import { CHANGE_COLUMNS } from '../apps/cli/src/run/change-columns.ts';
import { runSummary } from '../apps/cli/src/run/run-summary.ts';
import { watchRun } from '../apps/cli/src/run/watch-run.ts';
import { makePaint } from '../apps/cli/src/terminal/paint.ts';
import { count } from '../apps/cli/src/terminal/progress-line.ts';
import { factLines, tableLines } from '../apps/cli/src/terminal/table.ts';
import { durationText } from '../apps/cli/src/terminal/time-text.ts';
import { buildConsole } from './build-console.ts';
import { type DemoDirectory, startDemoDirectory } from './demo/demo-directory.ts';
import { DEMO_HELP, type DemoOptions, parseDemoOptions } from './demo/demo-options.ts';
import { type DemoRule, makeDemoRule, RULE_NAME } from './demo/demo-rule.ts';
import { makeStaff } from './demo/staff.ts';
import { watchArrival } from './demo/watch-arrival.ts';

const stdout = process.stdout;
const screen = {
  isTerminal: stdout.isTTY === true,
  columns: stdout.isTTY === true ? stdout.columns : undefined,
  write: (text: string) => void stdout.write(text),
};
const paint = makePaint(screen, process.env);
const layout = { columns: screen.columns, paint };
const context = {
  paint,
  table: <T>(columns: Parameters<typeof tableLines<T>>[0], rows: readonly T[]) =>
    tableLines(columns, rows, layout),
  facts: (facts: Parameters<typeof factLines>[0]) => factLines(facts, layout),
};

const SHOWN_PREVIEW_ROWS = 5;
const PAUSE_MS = 2_000;
const ARRIVAL_TIMEOUT_MS = 30_000;
const FIRST_RUN_TIMEOUT_MS = 30_000;

const life = makeLife(60_000);
let ending = false;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: DemoOptions | 'help';
  try {
    options = parseDemoOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${DEMO_HELP}`);
    return 2;
  }
  if (options === 'help') {
    stdout.write(DEMO_HELP);
    return 0;
  }
  // The terminal sends Ctrl-C to the children as well; whoever is impatient and types it twice changes nothing.
  const onSignal = (): void => life.stop('asked to stop');
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await show(options);
  } catch (error) {
    if (life.stopping.aborted) return 0;
    const { message, code, details } = describeFault(error);
    process.stderr.write(`\nThe demo failed: ${[`${message} (${code})`, ...details].join('\n  ')}\n`);
    return 1;
  } finally {
    ending = true;
    if (life.stopping.aborted) say('', 'Stopping …');
    const failures: readonly EndFailure[] = await life.end();
    for (const { name, error } of failures)
      process.stderr.write(`${name} did not end well: ${String(error)}\n`);
  }
}

async function show(options: DemoOptions): Promise<number> {
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
  life.onEnd('the folder', () => rmSync(folder, { recursive: true, force: true }));
  const { directory, server } = await startHouse(options, folder);
  const { environmentId } = server;
  const api = clientOf(server);

  const { gatewayId, credential } = await makeGateway(api, environmentId, 'Headquarters', directory.address);
  const gateway = startGateway({
    serverUrl: server.url,
    credential,
    from: 'source',
    // The directory's certificate comes from the authority of the tests.
    environment: { SALLYPORT_CA_FILE: testCertificates.caFile },
  });
  endWithUs('the gateway', gateway);
  await waitForInstances(api, environmentId, gatewayId);
  say(step('gateway', `connected from process ${gateway.pid}, to the directory over TLS`));

  const rule = await makeDemoRule(api, environmentId, gatewayId, directory);
  await makeRevision(api, environmentId);
  say(
    step(
      'rule',
      `${RULE_NAME}: people and groups of ${String(rule.configuration.USERS_BASE_DN)} into the population Employees`,
    ),
    '',
  );

  const started = await firstRun(api, environmentId, rule.ruleId);
  const run = await watch(api, environmentId, rule.ruleId, started, options.people);
  say(
    ...runSummary(run, context),
    '',
    await inventory(api, environmentId),
    `From nothing to there in ${durationText(performance.now() - startedAt)}.`,
  );
  await showPreview(api, environmentId, rule, options.people);
  await showExplanation(api, environmentId, rule.ruleId);
  if (!options.once) await showAddresses(server, rule.ruleId);
  const missing = await showLiveChanges(api, environmentId, directory, options);
  return run.status === 'completed' && missing === 0 ? 0 : 1;
}

/** What any client of the API finds after the first run. */
async function inventory(api: ApiClient, environmentId: string): Promise<string> {
  const [users, groups] = await Promise.all([
    api.users.list({ environmentId, query: { limit: 1 } }),
    api.groups.list({ environmentId, query: { limit: 1000 } }),
  ]);
  const memberships = groups._embedded.groups.reduce((sum, group) => sum + group.directMemberCounts.users, 0);
  return `In the identity store now: ${count(users.count ?? 0)} people, ${count(groups.count ?? 0)} groups, ${count(memberships)} memberships.`;
}

/** Directory and server start at the same time: neither needs the other. */
async function startHouse(
  options: DemoOptions,
  folder: string,
): Promise<{ readonly directory: DemoDirectory; readonly server: RunningServer }> {
  say(paint('bold', 'Sallyport demo'), '');
  const port = options.port ?? (await preferredPort());
  // Nobody has built anything in a fresh clone, and whoever only wants the first sync opens no console.
  const consoleBuilt =
    options.once || existsSync(join(ROOT, 'dist/console/index.html')) ? Promise.resolve() : buildConsole();
  const [directory, server] = await Promise.allSettled([
    startDemoDirectory(options, folder),
    consoleBuilt.then(() => startServer({ folder: join(folder, 'server'), from: 'source', port })),
  ]);
  if (directory.status === 'fulfilled') life.onEnd('the directory', () => directory.value.server.stop());
  if (server.status === 'fulfilled') endWithUs('the server', server.value.program);
  if (directory.status === 'rejected') throw directory.reason;
  if (server.status === 'rejected') throw server.reason;
  say(
    step(
      'directory',
      `${directory.value.title} with ${count(options.people)} people at ${directory.value.server.ldapsUrl}`,
    ),
    step('server', `${server.value.url}, process ${server.value.program.pid}, SQLite in ${folder}`),
  );
  return { directory: directory.value, server: server.value };
}

async function preferredPort(): Promise<number> {
  try {
    await fetch('http://127.0.0.1:8080/', { method: 'HEAD' });
    return await freePort();
  } catch {
    // Nothing answers there: it is ours.
    return 8080;
  }
}

function endWithUs(name: string, program: Program): void {
  life.onEnd(name, async () => {
    await program.stop();
  });
  void program.exited.then((how) => {
    if (ending || life.stopping.aborted) return;
    process.stderr.write(`\n${name} ended by itself (${how}):\n${program.output().slice(-4000)}\n`);
    process.exitCode = 1;
    life.stop(`${name} ended by itself`);
  });
}

/** The revision starts the first run by itself. */
async function firstRun(api: ApiClient, environmentId: string, ruleId: string): Promise<RunBody> {
  const deadline = performance.now() + FIRST_RUN_TIMEOUT_MS;
  for (;;) {
    const { _embedded } = await api.runs.list({ environmentId, ruleId }, { signal: life.stopping });
    const first = _embedded.runs.at(-1);
    if (first !== undefined) return first;
    if (performance.now() > deadline) throw new Error('the rule did not start its first run');
    await delay(20, undefined, { signal: life.stopping });
  }
}

async function watch(
  api: ApiClient,
  environmentId: string,
  ruleId: string,
  run: RunBody,
  expected: number,
): Promise<RunBody> {
  const world = { err: screen, environment: process.env, now: Date.now, signal: life.stopping };
  return watchRun(world, { api, environmentId, ruleId, run, expected });
}

/** Saves a narrower filter, previews it, and saves the old one again: no revision, so nothing ever runs by it. */
async function showPreview(
  api: ApiClient,
  environmentId: string,
  rule: DemoRule,
  people: number,
): Promise<void> {
  const { ruleId, configuration, narrowerFilter } = rule;
  const save = (settings: DemoRule['configuration']) =>
    api.rules.replace({
      environmentId,
      ruleId,
      body: { name: RULE_NAME, active: true, configuration: settings },
    });
  say('', paint('bold', `Preview: what if the rule had the filter ${narrowerFilter}?`));
  await save({ ...configuration, USERS_LDAP_FILTER: narrowerFilter });
  try {
    const started = await api.runs.start({ environmentId, ruleId, body: { type: 'preview' } });
    const preview = await watch(api, environmentId, ruleId, started, people);
    const query = { limit: SHOWN_PREVIEW_ROWS, outcome: 'deleted' };
    const page = await api.runs.listChanges({ environmentId, ruleId, runId: preview.id, query });
    const { changes } = page._embedded;
    say(...runSummary(preview, context), '', ...tableLines(CHANGE_COLUMNS, changes, layout));
    if (page.count !== undefined && page.count > changes.length)
      say(paint('dim', `… and ${count(page.count - changes.length)} more. Nothing was written.`));
  } finally {
    await save(configuration);
  }
}

async function showExplanation(api: ApiClient, environmentId: string, ruleId: string): Promise<void> {
  const { _embedded } = await api.users.list({ environmentId, query: { limit: 1 } });
  const username = _embedded.users[0]?.username;
  if (username === undefined) return;
  say('', paint('bold', `Explain: why is ${username} as they are?`));
  const [explanation, mappings] = await Promise.all([
    api.ruleState.explain({ environmentId, ruleId, body: { identifier: username } }),
    api.mappings.list({ environmentId, ruleId }),
  ]);
  say(...explanationLines(explanation, mappings._embedded.mappings, context));
}

async function showAddresses(server: RunningServer, ruleId: string): Promise<void> {
  const { url, environmentId, clientId, clientSecret } = server;
  const environment = `${url}/v1/environments/${environmentId}`;
  const front = await fetch(url, { signal: life.stopping });
  await front.body?.cancel();
  say(
    '',
    paint('bold', 'Look for yourself'),
    ...factLines(
      [
        ['Console', front.ok ? url : undefined],
        ['API', `${url}/docs`],
        ['Environment', environmentId],
        ['Client id', clientId],
        ['Client secret', clientSecret],
      ],
      { columns: undefined, paint },
    ),
    '',
    `TOKEN=$(curl -s -u ${clientId}:${clientSecret} -d grant_type=client_credentials ${url}/${environmentId}/as/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s -H "Authorization: Bearer $TOKEN" '${environment}/users?limit=2'`,
    `curl -s -H "Authorization: Bearer $TOKEN" ${environment}/propagation/rules/${ruleId}/status`,
    '',
    paint('dim', 'or, with the command line:'),
    `export SALLYPORT_SERVER_URL=${url} SALLYPORT_ENVIRONMENT_ID=${environmentId} SALLYPORT_CLIENT_ID=${clientId} SALLYPORT_CLIENT_SECRET=${clientSecret}`,
    'npm run -s sallyport -- status',
  );
}

/** Answers how many changes did not arrive. */
async function showLiveChanges(
  api: ApiClient,
  environmentId: string,
  directory: DemoDirectory,
  { people, once }: DemoOptions,
): Promise<number> {
  const signal = life.stopping;
  const staff = makeStaff(directory, people);
  life.onEnd('the writer of the directory', () => staff.close());
  say(
    '',
    paint('bold', `The directory goes on changing.${once ? '' : ' Ctrl-C ends everything.'}`),
    paint('dim', 'Each time: from the change in the directory until the identity store has it.'),
    '',
  );
  let missing = 0;
  for (const change of once ? staff.changes().take(staff.round) : staff.changes()) {
    await change.write();
    const timeoutMs = ARRIVAL_TIMEOUT_MS;
    const ms = await watchArrival(api, environmentId, change.expected, performance.now(), {
      timeoutMs,
      signal,
    });
    if (ms === undefined) missing += 1;
    const arrived =
      ms === undefined
        ? paint('red', `not there after ${durationText(timeoutMs)}`)
        : paint('green', durationText(ms).padStart(6));
    say(`${arrived}  ${change.text}`);
    if (!once) await delay(PAUSE_MS, undefined, { signal });
  }
  if (once) return missing;
  say('', 'Everybody has been changed once; the server stays up. Ctrl-C ends everything.');
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  return missing;
}

function step(name: string, text: string): string {
  return `${paint('dim', name.padEnd(10))} ${text}`;
}

function say(...lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${line}\n`);
}
