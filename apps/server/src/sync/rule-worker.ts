import {
  type BreakerState,
  CLOSED_BREAKER,
  classifyFailure,
  type LiveProgress,
  nextBreaker,
  RunInterrupted,
  type RunProgress,
  type RunSummary,
  ruleDigest,
  runRule as runWithEngine,
  type SourceSummary,
  type SyncState,
} from '@sallyport/engine';
import { CodedError, newUuid } from '@sallyport/model';
import { type ObservedState, observedState } from './observed-state.ts';
import { type NextRun, nextFullAt, nextRun, type RuleClockFacts } from './rule-clock.ts';
import type { RuleLease } from './rule-lease.ts';
import type { OpenedSource } from './rule-ports.ts';
import { retriesOf } from './rule-retries.ts';
import { parseRuleSettings, readRuleSettings } from './rule-settings.ts';
import { RuleSource } from './rule-source.ts';
import { isSameWork, type RuleSpec } from './rule-spec.ts';
import type { RuleStatus, RunTicket } from './rule-status.ts';
import { messageOf, pendingRun, recoverRuns, unopenedRun } from './run-records.ts';
import { waitForLease } from './wait-for-lease.ts';
import type { RuleEnds, RunRequest, WorkerDeps, WorkerTask } from './worker-parts.ts';

// Longer than a page: the life of one rule is one state machine, and its parts (clock, lease, settings, hints) are files
// of their own.

/** A gateway that lives dials in within seconds of the server's start. */
const FIRST_SOURCE_PATIENCE_MS = 15_000;
const IDLE_MS = 24 * 60 * 60 * 1000;

/** The life of one rule in this process: one thing at a time, under the rule's lease, by its clocks, hints and requests. */
export class RuleWorker {
  readonly #deps: WorkerDeps;
  readonly #stop = new AbortController();
  readonly #tasks: WorkerTask[] = [];
  #spec: RuleSpec;
  /** False: does what it is asked, and nothing by itself. */
  #active: boolean;
  readonly #bornAt: number;
  #requested: RunRequest | undefined;
  /** Taken up, and recorded at the latest when it ends. */
  #current: RunRequest | undefined;
  #resting: AbortController | undefined;
  #runningNow: { readonly what: string; readonly abort: AbortController } | undefined;
  #progress: LiveProgress | undefined;
  #waitsFor: string | undefined;
  readonly #source: RuleSource;
  /** The configuration changed while the source was in use. */
  #sourceIsOld = false;
  #recovered = false;
  #breaker: BreakerState = CLOSED_BREAKER;
  #hinted = false;
  #resumeFull: string | undefined;
  #deletionsSeen: boolean | undefined;
  #lastStartedAt: number | undefined;
  #lastEndedAt: number | undefined;
  #lastFullEndedAt: number | undefined;
  #lastPollAt: number | undefined;
  #last: RunProgress | undefined;
  #summary: SourceSummary | undefined;
  #life: Promise<void> | undefined;

  constructor(deps: WorkerDeps, spec: RuleSpec, active: boolean) {
    this.#deps = deps;
    this.#spec = spec;
    this.#active = active;
    this.#bornAt = deps.clock.now();
    this.#source = new RuleSource(deps.log.child({ ruleId: spec.rule.id }), () => {
      this.#hinted = true;
      this.#wake();
    });
  }

  start(): void {
    this.#life ??= this.#live();
  }

  /**
   * No new run starts, and the current one stops between batches, its batch in flight committed. `drain` waits for that.
   */
  async stop(reason: string, drain: boolean): Promise<void> {
    this.#stop.abort(new RunInterrupted(reason));
    for (const task of this.#tasks.splice(0))
      task.fail(new CodedError('STOPPING', `${task.name} was not done: ${reason}`));
    if (drain) await this.#life;
  }

  /** Another revision. Only what changes which objects are read, or what they become, starts a run. */
  update(spec: RuleSpec, active: boolean): void {
    const before = this.#spec;
    const activated = active && !this.#active;
    const switchedOff = !active && this.#active;
    this.#spec = spec;
    this.#active = active;
    if (switchedOff) this.#runningNow?.abort.abort(new RunInterrupted('the rule was switched off'));
    if (!isSameWork(before, spec)) {
      const { ports } = this.#deps;
      const digest = (one: RuleSpec): string =>
        ruleDigest(readRuleSettings(one, ports.defaultMappings(one), {}).settings.rule);
      if (this.#runningNow === undefined) this.#dropSource();
      else this.#sourceIsOld = true;
      if (digest(before) !== digest(spec)) {
        this.#runningNow?.abort.abort(new RunInterrupted('a new revision changed what the rule does'));
        this.#hinted = true;
      }
      // Whatever failed may have been mended by it.
      this.#breaker = nextBreaker(
        this.#breaker,
        { kind: 'prodded', at: this.#deps.clock.now() },
        retriesOf(this.#spec),
      );
    }
    if (activated) this.#hinted = true;
    this.#wake();
  }

  get spec(): RuleSpec {
    return this.#spec;
  }

  /** The source has turned up: a rule that failed, or that waits for it, tries at once. */
  sourceReturned(): void {
    if (this.#lastStartedAt !== undefined && this.#breaker.failures === 0) return;
    this.#breaker = nextBreaker(
      this.#breaker,
      { kind: 'prodded', at: this.#deps.clock.now() },
      retriesOf(this.#spec),
    );
    this.#hinted = true;
    this.#wake();
  }

  /** Somebody asks for a run: it starts at once, breaker or not, or says what it waits for. Asking twice is asking once. */
  runNow(type: 'full' | 'delta', reason: string): RunTicket {
    this.#assertAlive();
    const waitsFor = this.#runningNow?.what ?? this.#waitsFor;
    const before = this.#requested;
    if (before === undefined)
      this.#requested = { runId: newUuid(), type, reason, asked: true, since: this.#deps.clock.now() };
    else if (type === 'full' && before.type === 'delta') this.#requested = { ...before, type, reason };
    this.#wake();
    return { runId: this.#requested?.runId ?? '', waitsFor };
  }

  /** Does something else that writes, between runs and under the lease. */
  async exclusively<T>(name: string, work: (ends: RuleEnds) => Promise<T>): Promise<T> {
    this.#assertAlive();
    return new Promise<T>((resolve, reject) => {
      this.#tasks.push({
        name,
        work: async (ends) => resolve(await work(ends)),
        fail: reject,
      });
      this.#wake();
    });
  }

  status(): RuleStatus {
    const facts = this.#facts();
    const queued = this.#tasks.map((task) => task.name);
    if (this.#requested !== undefined)
      queued.unshift(`${this.#requested.type} run: ${this.#requested.reason}`);
    const idle = this.#active ? 'idle' : 'inactive';
    return {
      ruleId: this.#spec.rule.id,
      state: this.#runningNow !== undefined ? 'running' : this.#waitsFor !== undefined ? 'waiting' : idle,
      waitsFor: this.#waitsFor,
      running: this.#runningNow === undefined ? undefined : this.#progress,
      pending: [this.#current, this.#requested].flatMap((run) =>
        run === undefined || run.runId === this.#progress?.runId ? [] : pendingRun(run, run.since),
      ),
      queued,
      last: this.#last,
      lastPollAt: this.#lastPollAt,
      nextRunAt: this.#active ? nextRun(facts, this.#deps.clock.now()).at : undefined,
      nextFullRunAt: this.#active ? nextFullAt(facts) : undefined,
      breaker: this.#breaker,
      source: this.#summary,
      push: this.#source.push,
    };
  }

  #assertAlive(): void {
    if (this.#stop.signal.aborted)
      throw new CodedError(
        'STOPPING',
        'The server is stopping and starts nothing any more; ask again when it is back',
      );
  }

  #wake(): void {
    this.#resting?.abort();
  }

  async #rest(ms: number): Promise<void> {
    const resting = new AbortController();
    this.#resting = resting;
    const signal = AbortSignal.any([resting.signal, this.#stop.signal]);
    try {
      await this.#deps.clock.sleep(ms, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#resting = undefined;
    }
  }

  async #live(): Promise<void> {
    const { clock, log } = this.#deps;
    const stop = this.#stop.signal;
    while (!stop.aborted) {
      try {
        const task = this.#tasks.shift();
        if (task !== undefined) {
          await this.#do(task);
          continue;
        }
        const due = this.#takeDue();
        if (due !== undefined) {
          this.#current = due;
          await this.#run(due);
          this.#current = undefined;
          continue;
        }
        const next = this.#active ? nextRun(this.#facts(), clock.now()).at : clock.now() + IDLE_MS;
        await this.#rest(Math.max(1, next - clock.now(), this.#patienceMs()));
      } catch (error) {
        log.error({ ruleId: this.#spec.rule.id, err: error }, 'a rule failed outside its run');
        this.#current = undefined;
        this.#failed(error);
      }
    }
    this.#dropSource();
    await this.#source.ended();
  }

  #takeDue(): RunRequest | undefined {
    const asked = this.#requested;
    if (asked !== undefined) {
      this.#requested = undefined;
      return asked;
    }
    if (!this.#active || this.#patienceMs() > 0) return undefined;
    const now = this.#deps.clock.now();
    const next: NextRun = nextRun(this.#facts(), now);
    return next.at > now
      ? undefined
      : { runId: newUuid(), type: next.type, reason: next.reason, asked: false, since: now };
  }

  /**
   * How long a rule that has not run yet still waits for its source to turn up: right after a start of the server the
   * gateways have yet to dial in, and a failed run for each rule would say nothing but that.
   */
  #patienceMs(): number {
    if (this.#lastStartedAt !== undefined || this.#deps.ports.sourceIsReachable(this.#spec)) return 0;
    return Math.max(0, this.#bornAt + FIRST_SOURCE_PATIENCE_MS - this.#deps.clock.now());
  }

  #facts(): RuleClockFacts {
    const { settings } = readRuleSettings(this.#spec, [], {});
    return {
      pollIntervalMs: settings.pollIntervalMs,
      fullRunIntervalMs: settings.fullRunIntervalMs,
      deletionsSeen: this.#deletionsSeen,
      lastStartedAt: this.#lastStartedAt,
      lastEndedAt: this.#lastEndedAt,
      lastFullEndedAt: this.#lastFullEndedAt,
      breaker: this.#breaker,
      resumeFull: this.#resumeFull,
      hinted: this.#hinted,
    };
  }

  async #lease(patient: boolean): Promise<RuleLease | undefined> {
    const { environmentId, rule } = this.#spec;
    const { leases, holder, clock, log } = this.#deps;
    try {
      return await waitForLease(leases, environmentId, `rule:${rule.id}`, holder, clock, {
        patient,
        stop: this.#stop.signal,
        log: log.child({ ruleId: rule.id }),
        rest: (ms, waitsFor) => {
          this.#waitsFor = waitsFor;
          return this.#rest(ms);
        },
      });
    } finally {
      this.#waitsFor = undefined;
    }
  }

  async #ends(
    state: SyncState,
    signal: AbortSignal,
    moreScope: Readonly<Record<string, string>>,
  ): Promise<RuleEnds> {
    const { ports } = this.#deps;
    const spec = this.#spec;
    const settings = parseRuleSettings(spec, ports.defaultMappings(spec), moreScope);
    return {
      settings,
      state,
      signal,
      target: await ports.makeTarget(spec, settings),
      source: () => this.#source.open(() => ports.makeSource(spec, settings)),
    };
  }

  async #do(task: WorkerTask): Promise<void> {
    let lease: RuleLease | undefined;
    try {
      lease = await this.#lease(false);
    } catch (error) {
      task.fail(error);
      return;
    }
    if (lease === undefined) {
      task.fail(new CodedError('STOPPING', `${task.name} was not done, because the server is stopping`));
      return;
    }
    const abort = new AbortController();
    this.#runningNow = { what: task.name, abort };
    try {
      const signal = AbortSignal.any([abort.signal, this.#stop.signal, lease.lost]);
      const { environmentId, rule, revisionId } = this.#spec;
      const { state } = this.#observed(
        lease.fence(this.#deps.ports.makeState(environmentId, rule.id, revisionId)),
      );
      // What forces a full run matters to none of them, and must not keep a rule from being settled whose gateway is gone.
      await task.work(await this.#ends(state, signal, {}));
    } catch (error) {
      task.fail(error);
    } finally {
      await this.#over(lease);
    }
  }

  #observed(state: SyncState): ObservedState {
    const { observer } = this.#deps;
    const spec = this.#spec;
    return observedState(state, (entries) => observer?.journaled(spec, entries));
  }

  async #over(lease: RuleLease): Promise<void> {
    this.#runningNow = undefined;
    this.#progress = undefined;
    if (this.#sourceIsOld) this.#dropSource();
    await lease.release();
  }

  async #run(request: RunRequest): Promise<void> {
    const { clock, log, ports } = this.#deps;
    const lease = await this.#lease(true);
    if (lease === undefined) return;
    const abort = new AbortController();
    this.#runningNow = { what: `run ${request.runId} (${request.type}: ${request.reason})`, abort };
    this.#hinted = false;
    const startedAt = clock.now();
    this.#lastStartedAt = startedAt;
    const { environmentId, rule, revisionId } = this.#spec;
    const signal = AbortSignal.any([abort.signal, this.#stop.signal, lease.lost]);
    try {
      const observed = this.#observed(lease.fence(ports.makeState(environmentId, rule.id, revisionId)));
      const { state } = observed;
      const recovering = !this.#recovered;
      const found = await this.#recover(state, request);
      let ends: RuleEnds;
      let source: OpenedSource;
      try {
        ends = await this.#ends(state, signal, await ports.scopeOf(this.#spec));
        source = await ends.source();
      } catch (error) {
        if (!signal.aborted) {
          const progress = unopenedRun(found, startedAt, clock.now(), error);
          await state.transaction((tx) => tx.saveRun(progress));
          this.#last = progress;
          this.#deps.observer?.runEnded(this.#spec, progress, true);
        }
        throw error;
      }
      const summary = await (this.#deps.runRule ?? runWithEngine)({
        source: source.reader,
        target: ends.target,
        state,
        rule: ends.settings.rule,
        type: found.type,
        reason: found.reason,
        signal,
        clock,
        log: log.child({ ruleId: rule.id }),
        runId: found.runId,
        recordIfEmpty: found.asked || this.#breaker.failures > 0,
        recovering,
        onProgress: (progress) => {
          this.#progress = progress;
          this.#deps.onProgress?.(rule.id, progress);
        },
      });
      this.#ended(summary);
      this.#deps.observer?.runEnded(
        this.#spec,
        summary.progress,
        observed.isRecorded(summary.progress.runId),
      );
    } catch (error) {
      // If not even its end was stored, it looks as if it went on: the next run marks it.
      this.#recovered = false;
      if (!this.#stop.signal.aborted) {
        log.warn({ ruleId: rule.id, err: error }, 'a run could not be made or recorded');
        this.#failed(error);
      }
    } finally {
      this.#lastEndedAt = clock.now();
      await this.#over(lease);
    }
  }

  /** Before the first run of this process: what an earlier one left unfinished is marked, and a full run gone on with. */
  async #recover(state: SyncState, request: RunRequest): Promise<RunRequest> {
    if (this.#recovered) return request;
    const { environmentId, rule } = this.#spec;
    const runs = await this.#deps.recentRuns(environmentId, rule.id);
    const now = this.#deps.clock.now();
    this.#resumeFull = (await recoverRuns(state, runs, now)) ?? this.#resumeFull;
    for (const run of runs)
      if (run.status === 'running')
        this.#deps.observer?.runEnded(this.#spec, { ...run, status: 'interrupted', endedAt: now }, true);
    this.#last = runs[0];
    this.#lastFullEndedAt = (await state.lastFullRead('user'))?.endedAt;
    this.#recovered = true;
    if (this.#resumeFull === undefined || request.type === 'full') return request;
    return { ...request, type: 'full', reason: this.#resumeFull };
  }

  #ended(summary: RunSummary): void {
    const { progress } = summary;
    this.#last = progress;
    this.#summary = summary.source ?? this.#summary;
    this.#deletionsSeen = summary.deletionsSeen ?? this.#deletionsSeen;
    switch (progress.status) {
      case 'failed':
        this.#failed(summary.error);
        return;
      case 'completed':
      case 'held':
        if (summary.distrusted) {
          this.#failed(new CodedError(progress.errorCode ?? 'DISTRUSTED_READ', progress.errorMessage ?? ''));
          return;
        }
        this.#breaker = CLOSED_BREAKER;
        this.#lastPollAt = this.#deps.clock.now();
        if (progress.type === 'full') {
          this.#lastFullEndedAt = progress.endedAt;
          this.#resumeFull = undefined;
        } else this.#resumeFull = summary.wantsFull ?? this.#resumeFull;
        this.#source.listen();
        return;
      case 'cancelled':
      case 'interrupted':
      case 'running':
        return;
    }
  }

  #failed(error: unknown): void {
    const { clock, log, random } = this.#deps;
    const before = this.#breaker.kind;
    this.#breaker = nextBreaker(
      this.#breaker,
      {
        kind: 'failed',
        at: clock.now(),
        reason: messageOf(error),
        failure: classifyFailure(error),
        jitter: (random ?? Math.random)(),
      },
      retriesOf(this.#spec),
    );
    if (this.#breaker.kind === 'open' && before === 'closed')
      log.warn(
        { ruleId: this.#spec.rule.id, reason: this.#breaker.reason },
        'polls suspended after repeated failures',
      );
    this.#dropSource();
  }

  #dropSource(): void {
    this.#sourceIsOld = false;
    this.#source.drop();
  }
}
