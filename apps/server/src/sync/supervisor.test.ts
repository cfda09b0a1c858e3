import {
  emptyState,
  type LiveProgress,
  type RunInput,
  type RunProgress,
  type RunSummary,
  type SourceReader,
  type StateTransaction,
  type SyncState,
} from '@sallyport/engine';
import { CodedError, newUuid, zeroCounts } from '@sallyport/model';
import { makeManualClock, silentLog } from '@sallyport/runtime';
import type {
  Environment,
  Page,
  PropagationRule,
  PropagationStore,
  RevisionSnapshot,
  Run,
} from '@sallyport/store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RulePorts } from './rule-ports.ts';
import type { Supervisor } from './supervision.ts';
import { makeSupervisor, type SupervisorDeps } from './supervisor.ts';

const ENVIRONMENT = newUuid();

function page<T>(items: readonly T[]): Page<T> {
  return { items, nextCursor: undefined, count: items.length };
}

function store(type: string): PropagationStore {
  return {
    environmentId: ENVIRONMENT,
    id: newUuid(),
    name: type,
    description: undefined,
    type,
    configuration: {},
    managed: false,
    status: 'ACTIVE',
    image: undefined,
    createdAt: 0,
    updatedAt: 0,
  };
}

/** A server with one rule, whose runs are played by the test. */
function makeStage(
  options: { readonly runs?: readonly Run[]; readonly configuration?: PropagationRule['configuration'] } = {},
) {
  const clock = makeManualClock();
  const plan = {
    environmentId: ENVIRONMENT,
    id: newUuid(),
    name: 'p',
    status: 'ACTIVE' as const,
    createdAt: 0,
    updatedAt: 0,
  };
  const source = store('LdapGateway');
  const target = store('PingOne');
  const rule: PropagationRule = {
    environmentId: ENVIRONMENT,
    id: newUuid(),
    planId: plan.id,
    sourceStoreId: source.id,
    targetStoreId: target.id,
    name: 'People',
    description: undefined,
    active: true,
    populationExpression: undefined,
    groupIds: [],
    populationIds: [],
    deprovision: false,
    configuration: { USERS_BASE_DN: 'ou=people', POLL_INTERVAL_SECONDS: 30, ...options.configuration },
    createdAt: 0,
    updatedAt: 0,
  };
  const snapshot: RevisionSnapshot = { plans: [plan], stores: [source, target], rules: [rule], mappings: [] };
  const stage = {
    clock,
    rule,
    snapshot,
    revision: newUuid(),
    runs: [...(options.runs ?? [])],
    saved: [] as RunProgress[],
    started: [] as RunInput[],
    opened: 0,
    closed: 0,
    fails: undefined as Error | undefined,
    sourceFails: undefined as Error | undefined,
    summary: {} as Partial<RunSummary>,
    /** While set, runs wait for it. */
    gate: undefined as Promise<void> | undefined,
    hint: undefined as (() => void) | undefined,
    holders: new Map<string, { holder: string; until: number }>(),
    transactions: 0,
  };
  const transaction = async <T>(work: (tx: StateTransaction) => Promise<T>): Promise<T> => {
    stage.transactions += 1;
    return work({
      saveLinks: async () => [],
      removeLinks: async () => undefined,
      appendJournal: async () => undefined,
      savePosition: async () => undefined,
      saveRun: async (progress) => {
        stage.saved.push(progress);
      },
      saveLastFullRead: async () => undefined,
      saveHeld: async () => undefined,
      clearHeld: async () => undefined,
    });
  };
  const state: SyncState = { ...emptyState, transaction };
  const reader: SourceReader = {
    open: async () => ({ strategy: 'usn', strategyReason: 'test', warnings: [] }),
    // biome-ignore lint/correctness/useYield: a source without objects
    readAll: async function* () {
      return { position: undefined, basesRead: [], deletionsSeen: true };
    },
    // biome-ignore lint/correctness/useYield: a source without changes
    changesSince: async function* () {
      return { position: undefined, basesRead: [], deletionsSeen: true };
    },
    readByKeys: async () => [],
    find: async () => undefined,
    hints: async function* (signal) {
      while (!signal.aborted) {
        const heard = Promise.withResolvers<void>();
        stage.hint = heard.resolve;
        signal.addEventListener('abort', () => heard.resolve(), { once: true });
        await heard.promise;
        if (!signal.aborted) yield;
      }
    },
  };
  const ports: RulePorts = {
    defaultMappings: () => [],
    scopeOf: async () => ({}),
    makeSource: async () => {
      if (stage.sourceFails !== undefined) throw stage.sourceFails;
      stage.opened += 1;
      return {
        reader,
        close: async () => {
          stage.closed += 1;
        },
      };
    },
    makeTarget: async () => ({
      inTransaction: true,
      attribute: () => undefined,
      attributeNames: () => [],
      versions: async () => new Map(),
      readMany: async () => new Map(),
      match: async () => new Map(),
      apply: async () => [],
      newId: () => newUuid(),
    }),
    makeState: () => state,
  };
  const runRule = async (input: RunInput): Promise<RunSummary> => {
    stage.started.push(input);
    const stopped = new Promise<void>((resolve) =>
      input.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    if (stage.gate !== undefined) await Promise.race([stage.gate, stopped]);
    await input.state.transaction((tx) => tx.saveRun(progressOf(input, 'running')));
    const status = input.signal.aborted ? 'interrupted' : stage.fails === undefined ? 'completed' : 'failed';
    const progress = progressOf(input, status);
    const live: LiveProgress = { ...progress, phase: 'ended', readPerSecond: 0 };
    input.onProgress?.(live);
    return {
      progress,
      source: { strategy: 'usn', strategyReason: 'test', warnings: [] },
      deletionsSeen: true,
      guard: undefined,
      held: [],
      error: stage.fails,
      distrusted: false,
      ...stage.summary,
    };
  };
  const progressOf = (input: RunInput, status: RunProgress['status']): RunProgress => ({
    runId: input.runId ?? '',
    type: input.type,
    status,
    reason: input.reason,
    startedAt: clock.now(),
    endedAt: clock.now(),
    read: 0,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: undefined,
    errorMessage: undefined,
  });
  const environment: Environment = {
    id: ENVIRONMENT,
    name: 'Test',
    description: undefined,
    type: 'SANDBOX',
    region: 'EU',
    licenseId: undefined,
    status: 'ACTIVE',
    icon: undefined,
    billOfMaterials: undefined,
    sequence: 0,
    createdAt: 0,
    updatedAt: 0,
  };
  const refuse = async (): Promise<never> => {
    throw new Error('not part of this play');
  };
  const deps = (holder: string): SupervisorDeps => ({
    store: {
      environments: {
        create: refuse,
        get: async () => environment,
        list: async () => page([environment]),
        update: refuse,
        remove: refuse,
      },
      revisions: {
        create: refuse,
        get: refuse,
        latest: async () => ({
          environmentId: ENVIRONMENT,
          id: stage.revision,
          previousId: undefined,
          createdBy: 'test',
          createdAt: 0,
        }),
        snapshot: async () => stage.snapshot,
        list: refuse,
      },
      runs: {
        get: async (_environment, id) => stage.runs.find((run) => run.runId === id),
        list: async () => page(stage.runs),
      },
      leases: {
        acquire: async (_environment, name, who, ttlMs) => {
          const held = stage.holders.get(name);
          if (held !== undefined && held.holder !== who && held.until > clock.now()) return false;
          stage.holders.set(name, { holder: who, until: clock.now() + ttlMs });
          return true;
        },
        renew: async (_environment, name, who, ttlMs) => {
          if (stage.holders.get(name)?.holder !== who) return false;
          stage.holders.set(name, { holder: who, until: clock.now() + ttlMs });
          return true;
        },
        release: async (_environment, name, who) => {
          if (stage.holders.get(name)?.holder === who) stage.holders.delete(name);
        },
        holder: async (_environment, name) => stage.holders.get(name)?.holder,
      },
    },
    ports,
    holder,
    clock,
    log: silentLog,
    runRule,
    random: () => 0,
  });
  return Object.assign(stage, { deps, leaseName: `rule:${rule.id}` });
}

type Stage = ReturnType<typeof makeStage>;
const open: Supervisor[] = [];

function supervise(stage: Stage, holder = 'one'): Supervisor {
  const supervisor = makeSupervisor(stage.deps(holder));
  open.push(supervisor);
  return supervisor;
}

afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.stop({ drain: true });
});

async function idle(stage: Stage, supervisor: Supervisor, runs: number): Promise<void> {
  await vi.waitFor(() => {
    expect(stage.started).toHaveLength(runs);
    expect(supervisor.status(stage.rule.id).state).not.toBe('running');
    expect(stage.clock.sleepers).toBeGreaterThan(0);
  });
}

function change(
  stage: Stage,
  configuration: PropagationRule['configuration'],
  extra: Partial<PropagationRule> = {},
): void {
  stage.revision = newUuid();
  stage.snapshot = {
    ...stage.snapshot,
    rules: stage.snapshot.rules.map((rule) => ({
      ...rule,
      ...extra,
      configuration: { ...rule.configuration, ...configuration },
    })),
  };
}

describe('the clocks of a rule', () => {
  test('run it at start, then at every interval, and at once when the source says so', async () => {
    const stage = makeStage();
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    expect(stage.started[0]).toMatchObject({ type: 'delta', reason: 'start', recordIfEmpty: false });
    stage.clock.advance(29_000);
    await idle(stage, supervisor, 1);
    stage.clock.advance(1_000);
    await idle(stage, supervisor, 2);
    expect(stage.started[1]?.reason).toBe('poll');
    expect(supervisor.status(stage.rule.id)).toMatchObject({ state: 'idle', push: true });
    stage.clock.advance(1_500);
    stage.hint?.();
    await idle(stage, supervisor, 3);
    expect(stage.started[2]?.reason).toBe('change notification');
    expect(stage.opened).toBe(1);
  });

  test('make full runs on an interval of their own, by default where deletions are not told', async () => {
    const stage = makeStage({
      configuration: { POLL_INTERVAL_SECONDS: 3600, FULL_RUN_INTERVAL_SECONDS: 600 },
    });
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    expect(supervisor.status(stage.rule.id).nextFullRunAt).toBeUndefined();
    await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'ann');
    await idle(stage, supervisor, 2);
    stage.clock.advance(600_000);
    await idle(stage, supervisor, 3);
    expect(stage.started[2]).toMatchObject({ type: 'full', reason: 'full-run interval' });
  });
});

describe('a run that was asked for', () => {
  test('starts at once, or says what it waits for; asking twice is asking once', async () => {
    const stage = makeStage();
    const supervisor = supervise(stage);
    const gate = Promise.withResolvers<void>();
    stage.gate = gate.promise;
    await supervisor.start();
    await vi.waitFor(() => expect(stage.started).toHaveLength(1));
    const first = await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'delta', 'ann');
    expect(first.waitsFor).toContain(stage.started[0]?.runId);
    const second = await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'bob');
    expect(second.runId).toBe(first.runId);
    expect(supervisor.status(stage.rule.id).queued).toEqual(['full run: asked for by bob']);
    stage.gate = undefined;
    gate.resolve();
    await idle(stage, supervisor, 2);
    expect(stage.started[1]).toMatchObject({ runId: first.runId, type: 'full', recordIfEmpty: true });
    expect((await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'delta', 'ann')).waitsFor).toBeUndefined();
  });

  test('is refused with a reason for a rule that is not active or not there', async () => {
    const stage = makeStage();
    change(stage, {}, { active: false });
    const supervisor = supervise(stage);
    await supervisor.start();
    await expect(supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'ann')).rejects.toMatchObject({
      code: 'RULE_NOT_ACTIVE',
    });
    await expect(supervisor.runNow(ENVIRONMENT, newUuid(), 'full', 'ann')).rejects.toMatchObject({
      code: 'RULE_NOT_FOUND',
    });
    expect(supervisor.status(stage.rule.id).state).toBe('inactive');
    expect(stage.started).toHaveLength(0);
  });
});

describe('a failing rule', () => {
  test('opens its breaker after five failures, shows why, and closes it at the first success', async () => {
    const stage = makeStage();
    stage.fails = new CodedError('SOURCE_UNAVAILABLE', 'the directory is away');
    const supervisor = supervise(stage);
    await supervisor.start();
    for (let run = 1; run <= 5; run += 1) {
      await idle(stage, supervisor, run);
      expect(supervisor.status(stage.rule.id).breaker.kind).toBe(run < 5 ? 'closed' : 'open');
      if (run < 5) stage.clock.advance((supervisor.status(stage.rule.id).nextRunAt ?? 0) - stage.clock.now());
    }
    const { breaker } = supervisor.status(stage.rule.id);
    expect(breaker).toMatchObject({ failures: 5, reason: 'the directory is away' });
    stage.fails = undefined;
    stage.clock.advance((breaker.nextTryAt ?? 0) - stage.clock.now());
    await idle(stage, supervisor, 6);
    expect(stage.started[5]?.reason).toBe('probe');
    expect(supervisor.status(stage.rule.id).breaker.kind).toBe('closed');
    expect(stage.opened).toBe(6);
    expect(stage.closed).toBe(5);
  });

  test('whose source cannot even be opened leaves a record that says so', async () => {
    const stage = makeStage();
    stage.sourceFails = new CodedError('GATEWAY_OFFLINE', 'no instance of the gateway is connected');
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.saved).toHaveLength(1));
    expect(stage.saved[0]).toMatchObject({ status: 'failed', errorCode: 'GATEWAY_OFFLINE' });
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).breaker.failures).toBe(1));
    expect(stage.started).toHaveLength(0);
  });

  test('with a faulty configuration names every fault', async () => {
    const stage = makeStage({ configuration: { USERS_BASE_DN: '', MAX_REMOVALS: 'many' } });
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.saved[0]?.errorCode).toBe('INVALID_CONFIGURATION'));
    expect(stage.saved[0]?.errorMessage).toMatch(/USERS_BASE_DN.*MAX_REMOVALS/);
  });
});

describe('a new revision', () => {
  test('starts what it must and nothing else', async () => {
    const stage = makeStage();
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    stage.clock.advance(2_000);
    change(stage, { MAX_REMOVALS: 7 }, { name: 'Renamed' });
    await supervisor.revisionCreated(ENVIRONMENT);
    await idle(stage, supervisor, 1);
    change(stage, { USERS_LDAP_FILTER: '(sn=*)' });
    await supervisor.revisionCreated(ENVIRONMENT);
    await idle(stage, supervisor, 2);
    expect(stage.started[1]?.rule).toMatchObject({ name: 'Renamed', maxRemovals: 7 });
    change(stage, {}, { active: false });
    await supervisor.revisionCreated(ENVIRONMENT);
    expect(supervisor.status(stage.rule.id).state).toBe('inactive');
    stage.clock.advance(3_600_000);
    expect(stage.started).toHaveLength(2);
    expect(stage.closed).toBe(stage.opened);
  });

  test('stops a run that works by the old one', async () => {
    const stage = makeStage();
    stage.gate = new Promise<void>(() => undefined);
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.started).toHaveLength(1));
    stage.clock.advance(2_000);
    stage.gate = undefined;
    change(stage, { USERS_BASE_DN: 'ou=others' });
    await supervisor.revisionCreated(ENVIRONMENT);
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).state).toBe('idle'));
    stage.clock.advance(1_000);
    await idle(stage, supervisor, 2);
    expect(stage.started[0]?.signal.reason).toMatchObject({ name: 'RunInterrupted' });
  });
});

describe('processes', () => {
  test('never run one rule at the same time, and take over when the lease of a dead one ends', async () => {
    const stage = makeStage();
    stage.holders.set(stage.leaseName, { holder: 'dead', until: stage.clock.now() + 15_000 });
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).waitsFor).toContain('process dead'));
    stage.clock.advance(5_000);
    expect(stage.started).toHaveLength(0);
    await vi.waitFor(() => expect(stage.clock.sleepers).toBe(1));
    stage.clock.advance(15_000);
    await idle(stage, supervisor, 1);
  });

  test('stop writing when their lease is taken', async () => {
    const stage = makeStage();
    const gate = Promise.withResolvers<void>();
    stage.gate = gate.promise;
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.started).toHaveLength(1));
    await vi.waitFor(() => expect(stage.clock.sleepers).toBe(1));
    stage.holders.set(stage.leaseName, { holder: 'other', until: stage.clock.now() + 60_000 });
    stage.clock.advance(5_000);
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).breaker.failures).toBe(1));
    expect(stage.saved).toEqual([]);
    expect(stage.holders.get(stage.leaseName)?.holder).toBe('other');
  });

  test('go on with the full run that a killed one left, and mark it', async () => {
    const killed: Run = {
      environmentId: ENVIRONMENT,
      ruleId: newUuid(),
      revisionId: undefined,
      runId: newUuid(),
      type: 'full',
      status: 'running',
      reason: 'asked for by ann',
      startedAt: 1,
      endedAt: undefined,
      read: 500,
      expected: undefined,
      counts: zeroCounts(),
      errorCode: undefined,
      errorMessage: undefined,
    };
    const stage = makeStage({ runs: [killed] });
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    expect(stage.saved[0]).toMatchObject({ runId: killed.runId, status: 'interrupted', read: 500 });
    expect(stage.started[0]).toMatchObject({ type: 'full' });
    expect(stage.started[0]?.reason).toContain(killed.runId);
  });

  test('drain: the run stops between batches and nothing starts any more', async () => {
    const stage = makeStage();
    stage.gate = new Promise<void>(() => undefined);
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.started).toHaveLength(1));
    await supervisor.stop({ drain: true });
    expect(stage.started[0]?.signal.aborted).toBe(true);
    expect(stage.closed).toBe(stage.opened);
    expect(stage.holders.size).toBe(0);
    expect(stage.clock.sleepers).toBe(0);
    await expect(supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'ann')).rejects.toMatchObject({
      code: 'STOPPING',
    });
  });
});

test('a preview runs beside everything else, fails by itself and is kept for a while', async () => {
  const stage = makeStage();
  stage.gate = new Promise<void>(() => undefined);
  const supervisor = supervise(stage);
  await supervisor.start();
  await vi.waitFor(() => expect(stage.started).toHaveLength(1));
  const saved = stage.transactions;
  const spec = await supervisor.spec(ENVIRONMENT, stage.rule.id);
  const { runId, done } = supervisor.preview(spec);
  await expect(done).rejects.toMatchObject({ code: 'INVALID_MAPPINGS' });
  await vi.waitFor(() =>
    expect(supervisor.previewed(runId)?.error).toMatchObject({ code: 'INVALID_MAPPINGS' }),
  );
  expect(stage.transactions).toBe(saved);
});
