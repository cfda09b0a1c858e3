import { CodedError, newUuid, zeroCounts } from '@sallyport/model';
import type { PropagationRule, Run } from '@sallyport/store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Supervisor } from './supervision.ts';
import { makeSupervisor } from './supervisor.ts';
import { ENVIRONMENT, makeStage, type Stage } from './test/stage.ts';

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

function runOf(ruleId: Run['ruleId'], extra: Partial<Run> = {}): Run {
  return {
    environmentId: ENVIRONMENT,
    ruleId,
    revisionId: undefined,
    runId: newUuid(),
    type: 'full',
    status: 'running',
    reason: 'asked for by ann',
    startedAt: 1,
    endedAt: undefined,
    read: 0,
    expected: undefined,
    counts: zeroCounts(),
    errorCode: undefined,
    errorMessage: undefined,
    ...extra,
  };
}

describe('a rule whose source is not there yet', () => {
  test('waits for it after the start without a failed run, and goes as soon as it turns up', async () => {
    const stage = makeStage();
    stage.isReachable = false;
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 0);
    stage.clock.advance(10_000);
    await idle(stage, supervisor, 0);
    stage.isReachable = true;
    supervisor.sourceReturned((spec) => spec.rule.id === stage.rule.id);
    await idle(stage, supervisor, 1);
  });

  test('runs all the same when it has waited long enough, so that somebody learns why nothing happens', async () => {
    const stage = makeStage();
    stage.isReachable = false;
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 0);
    stage.clock.advance(15_000);
    await idle(stage, supervisor, 1);
  });

  test('tries again at once when it comes back after failures, whatever the wait of the breaker', async () => {
    const stage = makeStage();
    stage.sourceFails = new CodedError('GATEWAY_NOT_CONNECTED', 'no instance');
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).breaker.failures).toBe(1));
    stage.sourceFails = undefined;
    supervisor.sourceReturned(() => true);
    await idle(stage, supervisor, 1);
    expect(supervisor.status(stage.rule.id).breaker.failures).toBe(0);
  });
});

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

  test('mark the run whose lease they lost at the next one', async () => {
    const stage = makeStage();
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    const gate = Promise.withResolvers<void>();
    stage.gate = gate.promise;
    await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'ann');
    await vi.waitFor(() => expect(stage.started).toHaveLength(2));
    const lost = runOf(stage.rule.id, { runId: stage.started[1]?.runId ?? '' });
    stage.runs.unshift(lost);
    stage.holders.set(stage.leaseName, { holder: 'other', until: stage.clock.now() + 6_000 });
    await vi.waitFor(() => expect(stage.clock.sleepers).toBe(1));
    stage.clock.advance(5_000);
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).breaker.failures).toBe(1));
    stage.gate = undefined;
    gate.resolve();
    stage.clock.advance(60_000);
    await idle(stage, supervisor, 3);
    expect(stage.saved).toContainEqual(expect.objectContaining({ runId: lost.runId, status: 'interrupted' }));
    expect(stage.started[2]?.type).toBe('full');
  });

  test('do one thing with a rule at a time by themselves too, however it was switched off', async () => {
    const stage = makeStage();
    const end = Promise.withResolvers<void>();
    stage.gate = new Promise<void>(() => undefined);
    stage.lingers = end.promise;
    const runId = newUuid();
    stage.runs.push(runOf(stage.rule.id, { runId, status: 'held', type: 'delta' }));
    const supervisor = supervise(stage);
    await supervisor.start();
    await vi.waitFor(() => expect(stage.started).toHaveLength(1));
    change(stage, {}, { active: false });
    const revised = supervisor.revisionCreated(ENVIRONMENT);
    await vi.waitFor(() => expect(stage.started[0]?.signal.aborted).toBe(true));
    const releasing = supervisor.release(ENVIRONMENT, runId, 'ann');
    releasing.catch(() => undefined);
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).waitsFor).toContain('process one'));
    stage.lingers = undefined;
    end.resolve();
    await revised;
    stage.clock.advance(5_000);
    await expect(releasing).rejects.toMatchObject({ code: 'NOTHING_HELD' });
    expect(stage.holders.size).toBe(0);
  });

  test('answer whoever asked, and forget no run, when the table of leases fails', async () => {
    const stage = makeStage();
    const runId = newUuid();
    stage.runs.push(runOf(stage.rule.id, { runId, status: 'held', type: 'delta' }));
    const supervisor = supervise(stage);
    await supervisor.start();
    await idle(stage, supervisor, 1);
    stage.leaseFails = new CodedError('STORE_BUSY', 'another process is writing');
    await expect(supervisor.release(ENVIRONMENT, runId, 'ann')).rejects.toMatchObject({
      code: 'STORE_BUSY',
    });
    stage.leaseFails = new CodedError('STORE_BUSY', 'another process is writing');
    const asked = await supervisor.runNow(ENVIRONMENT, stage.rule.id, 'full', 'ann');
    await vi.waitFor(() => expect(supervisor.status(stage.rule.id).waitsFor).toContain('another process'));
    stage.clock.advance(5_000);
    await idle(stage, supervisor, 2);
    expect(stage.started[1]).toMatchObject({ runId: asked.runId, type: 'full' });
  });

  test('decide about a list of a rule that is switched off by its newest revision', async () => {
    const stage = makeStage();
    change(stage, {}, { active: false });
    const runId = newUuid();
    stage.runs.push(runOf(stage.rule.id, { runId, status: 'held', type: 'delta' }));
    const supervisor = supervise(stage);
    await supervisor.start();
    for (let round = 0; round < 2; round += 1) {
      await expect(supervisor.discard(ENVIRONMENT, runId, 'ann')).rejects.toMatchObject({
        code: 'NOTHING_HELD',
      });
      expect(stage.statesOf.at(-1)).toBe(stage.revision);
      change(stage, { MAX_REMOVALS: 9 });
      await supervisor.revisionCreated(ENVIRONMENT);
    }
  });

  test('go on with the full run that a killed one left, and mark it', async () => {
    const killed = runOf(newUuid(), { read: 500 });
    const failed = runOf(newUuid(), { status: 'failed' });
    const stage = makeStage({ runs: [failed, killed] });
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
