import type { LiveProgress, RunProgress, runRule, SyncState, TargetPort } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';
import type { Clock, Log } from '@sallyport/runtime';
import type { LeaseTable } from './rule-lease.ts';
import type { RuleObserver } from './rule-observer.ts';
import type { OpenedSource, RulePorts } from './rule-ports.ts';
import type { RuleSettings } from './rule-settings.ts';

/** What a worker is made of and what it is asked to do. */
export interface WorkerDeps {
  readonly ports: RulePorts;
  readonly leases: LeaseTable;
  /** Newest first. */
  readonly recentRuns: (environmentId: Uuid, ruleId: Uuid) => Promise<readonly RunProgress[]>;
  /** This process under its own name: a restarted process of the same name takes its old leases over at once. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onProgress?: ((ruleId: string, progress: LiveProgress) => void) | undefined;
  readonly observer?: RuleObserver | undefined;
  readonly runRule?: typeof runRule;
  /** 0 to 1. */
  readonly random?: () => number;
}

/** Both ends of a rule, open, under its lease. */
export interface RuleEnds {
  readonly settings: RuleSettings;
  readonly state: SyncState;
  readonly target: TargetPort;
  readonly signal: AbortSignal;
  /** Opens the source, or throws as it does. */
  source(): Promise<OpenedSource>;
}

/** A run that is to be made; `asked`: by a person, who wants to see it recorded whatever it finds. */
export interface RunRequest {
  readonly runId: string;
  readonly type: 'full' | 'delta';
  readonly reason: string;
  readonly asked: boolean;
  readonly since: number;
}

/** Something else that writes, done between runs and under the lease. */
export interface WorkerTask {
  readonly name: string;
  readonly work: (ends: RuleEnds) => Promise<void>;
  readonly fail: (error: unknown) => void;
}
