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
import { newUuid, zeroCounts } from '@sallyport/model';
import { makeManualClock, silentLog } from '@sallyport/runtime';
import type {
  Environment,
  Page,
  PropagationRule,
  PropagationStore,
  RevisionSnapshot,
  Run,
} from '@sallyport/store';
import type { RulePorts } from '../rule-ports.ts';
import type { SupervisorDeps } from '../supervisor.ts';
import { emptySource } from './empty-source.ts';

export const ENVIRONMENT = newUuid();

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
export function makeStage(
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
    isReachable: true,
    summary: {} as Partial<RunSummary>,
    /** While set, runs wait for it. */
    gate: undefined as Promise<void> | undefined,
    /** While set, a run that was told to stop goes on until then. */
    lingers: undefined as Promise<void> | undefined,
    hint: undefined as (() => void) | undefined,
    holders: new Map<string, { holder: string; until: number }>(),
    transactions: 0,
    /** What the table of leases answers, once, instead of an answer. */
    leaseFails: undefined as Error | undefined,
    /** Revisions that states were made for. */
    statesOf: [] as (string | undefined)[],
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
      recordRemovals: async () => undefined,
      recordMemberRemovals: async () => undefined,
      addPending: async () => undefined,
      removePending: async () => undefined,
      clearPending: async () => undefined,
      saveHeldMembers: async () => undefined,
    });
  };
  const state: SyncState = { ...emptyState, transaction };
  const reader: SourceReader = {
    ...emptySource,
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
    sourceIsReachable: () => stage.isReachable,
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
      memberships: undefined,
      attribute: () => undefined,
      attributeNames: () => [],
      versions: async () => new Map(),
      readMany: async () => new Map(),
      match: async () => new Map(),
      apply: async () => [],
      newId: () => newUuid(),
    }),
    makeState: (_environment, _rule, revisionId) => {
      stage.statesOf.push(revisionId);
      return state;
    },
  };
  const runRule = async (input: RunInput): Promise<RunSummary> => {
    stage.started.push(input);
    const stopped = new Promise<void>((resolve) =>
      input.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    if (stage.gate !== undefined) await Promise.race([stage.gate, stopped]);
    await stage.lingers;
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
          const fails = stage.leaseFails;
          stage.leaseFails = undefined;
          if (fails !== undefined) throw fails;
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

export type Stage = ReturnType<typeof makeStage>;
