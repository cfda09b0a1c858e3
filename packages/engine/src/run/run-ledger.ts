import {
  OUTCOMES,
  type Outcome,
  type OutcomeCounts,
  type RunStatus,
  type RunType,
  zeroCounts,
} from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { RunProgress } from '../port/sync-state.ts';

export type RunPhase = 'opening' | 'reading' | 'removing' | 'finishing' | 'ended';

/** Progress while a run is alive: what a progress bar needs beside what is stored. */
export interface LiveProgress extends RunProgress {
  readonly phase: RunPhase;
  /** Objects read a second since reading began; with `read` and `expected` it gives the time that is left. */
  readonly readPerSecond: number;
}

const REPORT_EVERY_MS = 250;

/** Counts of one run. Outcomes are added only after the writes they stand for have happened. */
export class RunLedger {
  readonly #clock: Clock;
  readonly #report: ((progress: LiveProgress) => void) | undefined;
  readonly #counts = zeroCounts();
  readonly runId: string;
  readonly startedAt: number;
  #type: RunType;
  #reason: string;
  #phase: RunPhase = 'opening';
  #read = 0;
  #expected: number | undefined;
  #readingSince: number;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(options: {
    readonly runId: string;
    readonly type: RunType;
    readonly reason: string;
    readonly clock: Clock;
    readonly report: ((progress: LiveProgress) => void) | undefined;
  }) {
    this.runId = options.runId;
    this.#type = options.type;
    this.#reason = options.reason;
    this.#clock = options.clock;
    this.#report = options.report;
    this.startedAt = options.clock.now();
    this.#readingSince = options.clock.monotonic();
  }

  get type(): RunType {
    return this.#type;
  }

  get reason(): string {
    return this.#reason;
  }

  get read(): number {
    return this.#read;
  }

  get counts(): OutcomeCounts {
    return this.#counts;
  }

  /** A run that turns out to be full, and why; what was read before counts no more. */
  become(type: RunType, reason: string, expected: number | undefined): void {
    this.#type = type;
    this.#reason = reason;
    this.#expected = expected;
    this.#read = 0;
    this.#readingSince = this.#clock.monotonic();
  }

  enter(phase: RunPhase): void {
    this.#phase = phase;
    if (phase === 'reading') this.#readingSince = this.#clock.monotonic();
    this.report(true);
  }

  sawObjects(count: number): void {
    this.#read += count;
    this.report(false);
  }

  add(outcome: Outcome, count: number): void {
    this.#counts[outcome] += count;
  }

  addAll(counts: OutcomeCounts): void {
    for (const outcome of OUTCOMES) this.#counts[outcome] += counts[outcome];
    this.report(false);
  }

  /** As it is to be stored while it runs, with counts that come true in the same transaction. */
  snapshot(coming: OutcomeCounts | undefined = undefined): RunProgress {
    return this.#progress('running', coming, undefined);
  }

  /** As it is to be stored at its end. */
  ended(
    status: Exclude<RunStatus, 'running'>,
    error: { readonly code: string | undefined; readonly message: string } | undefined,
  ): RunProgress {
    return this.#progress(status, undefined, error);
  }

  #progress(
    status: RunStatus,
    coming: OutcomeCounts | undefined,
    error: { readonly code: string | undefined; readonly message: string } | undefined,
  ): RunProgress {
    const counts = { ...this.#counts };
    if (coming !== undefined) for (const outcome of OUTCOMES) counts[outcome] += coming[outcome];
    return {
      runId: this.runId,
      type: this.#type,
      status,
      reason: this.#reason,
      startedAt: this.startedAt,
      endedAt: status === 'running' ? undefined : Math.max(this.#clock.now(), this.startedAt),
      read: this.#read,
      expected: this.#expected,
      counts,
      errorCode: error?.code,
      errorMessage: error?.message,
    };
  }

  /** At most four times a second unless `always`. */
  report(always: boolean, stored: RunProgress | undefined = undefined): void {
    if (this.#report === undefined) return;
    const now = this.#clock.monotonic();
    if (!always && now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    const seconds = (now - this.#readingSince) / 1000;
    this.#report({
      ...(stored ?? this.snapshot()),
      phase: this.#phase,
      readPerSecond: seconds > 0 ? this.#read / seconds : 0,
    });
  }
}
