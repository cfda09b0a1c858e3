import {
  CLOSED_BREAKER,
  deprovisionRule,
  discardHeld,
  emptyState,
  explainObject,
  type Preview,
  previewRule,
  type ReadableState,
  readableState,
  readableTarget,
  releaseHeld,
} from '@sallyport/engine';
import { CodedError, newUuid, type Uuid } from '@sallyport/model';
import type { Run, Store } from '@sallyport/store';
import { makeLocalLeases } from './local-leases.ts';
import { makePreviewShelf } from './preview-shelf.ts';
import { parseRuleSettings } from './rule-settings.ts';
import { activeSpecs, type RuleSpec, specOf } from './rule-spec.ts';
import { RuleWorker } from './rule-worker.ts';
import type { Supervisor } from './supervision.ts';
import type { WorkerDeps } from './worker-parts.ts';

export interface SupervisorDeps extends Omit<WorkerDeps, 'leases' | 'recentRuns'> {
  readonly store: Pick<Store, 'environments' | 'revisions' | 'leases'> & {
    readonly runs: Pick<Store['runs'], 'get' | 'list'>;
  };
}

const PAGE = 500;
const RECENT_RUNS = 20;

export function makeSupervisor(deps: SupervisorDeps): Supervisor {
  const { store, ports, clock, log } = deps;
  const workers = new Map<string, RuleWorker>();
  const active = new Map<string, Uuid>();
  const shelf = makePreviewShelf(clock);
  const stopping = new AbortController();
  /** One revision at a time for each environment, the newest last. */
  const reading = new Map<Uuid, Promise<void>>();
  const background = new Set<Promise<void>>();

  const workerDeps: WorkerDeps = {
    ...deps,
    leases: makeLocalLeases(store.leases),
    recentRuns: async (environmentId, ruleId) =>
      (await store.runs.list(environmentId, { ruleId, limit: RECENT_RUNS })).items,
  };

  const workerFor = (spec: RuleSpec): RuleWorker => {
    if (stopping.signal.aborted)
      throw new CodedError('STOPPING', 'The server is stopping; ask again when it is back');
    const known = workers.get(spec.rule.id);
    if (known !== undefined) {
      // One that runs follows its revisions; one that is only asked works by what it was asked about last.
      if (!active.has(spec.rule.id)) known.update(spec, false);
      return known;
    }
    const worker = new RuleWorker(workerDeps, spec, active.has(spec.rule.id));
    workers.set(spec.rule.id, worker);
    worker.start();
    return worker;
  };

  const readRevision = async (environmentId: Uuid): Promise<void> => {
    const revision = await store.revisions.latest(environmentId);
    const snapshot =
      revision === undefined ? undefined : await store.revisions.snapshot(environmentId, revision.id);
    if (stopping.signal.aborted) return;
    const specs =
      revision === undefined || snapshot === undefined
        ? []
        : activeSpecs(environmentId, revision.id, snapshot);
    const wanted = new Set<string>(specs.map((spec) => spec.rule.id));
    for (const [ruleId, owner] of active) {
      if (owner !== environmentId || wanted.has(ruleId)) continue;
      active.delete(ruleId);
      const worker = workers.get(ruleId);
      workers.delete(ruleId);
      await worker?.stop('the rule is no longer active', true);
    }
    for (const spec of specs) {
      active.set(spec.rule.id, environmentId);
      const known = workers.get(spec.rule.id);
      if (known === undefined) workerFor(spec);
      else known.update(spec, true);
    }
    log.info({ environmentId, revisionId: revision?.id, rules: specs.length }, 'revision in force');
  };

  const revisionCreated = async (environmentId: Uuid): Promise<void> => {
    const before = reading.get(environmentId) ?? Promise.resolve();
    const now = before.then(
      () => readRevision(environmentId),
      () => readRevision(environmentId),
    );
    reading.set(environmentId, now);
    await now;
  };

  const spec = async (environmentId: Uuid, ruleId: Uuid): Promise<RuleSpec> => {
    const revision = await store.revisions.latest(environmentId);
    const snapshot =
      revision === undefined ? undefined : await store.revisions.snapshot(environmentId, revision.id);
    const found =
      revision === undefined || snapshot === undefined
        ? undefined
        : specOf(environmentId, revision.id, snapshot, ruleId);
    if (found === undefined)
      throw new CodedError(
        'RULE_NOT_FOUND',
        `The newest revision has no rule ${ruleId}; make a revision after creating or changing a rule`,
      );
    return found;
  };

  const settingsOf = async (one: RuleSpec) =>
    parseRuleSettings(one, ports.defaultMappings(one), await ports.scopeOf(one));

  const stateOf = (one: RuleSpec): ReadableState =>
    one.revisionId === undefined
      ? emptyState
      : readableState(ports.makeState(one.environmentId, one.rule.id, one.revisionId));

  const heldRun = async (
    environmentId: Uuid,
    runId: Uuid,
  ): Promise<{ readonly run: Run; readonly spec: RuleSpec }> => {
    const run = await store.runs.get(environmentId, runId);
    if (run === undefined) throw new CodedError('RUN_NOT_FOUND', `There is no run ${runId}`);
    return { run, spec: await spec(environmentId, run.ruleId) };
  };

  return {
    revisionCreated,
    spec,

    start: async () => {
      let cursor: string | undefined;
      do {
        const page = await store.environments.list({ limit: PAGE, cursor });
        for (const environment of page.items)
          if (environment.status === 'ACTIVE') await revisionCreated(environment.id);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
    },

    stop: async ({ drain }) => {
      stopping.abort(new CodedError('STOPPING', 'the server is stopping'));
      const ends = [...workers.values()].map((worker) => worker.stop('the server is stopping', drain));
      if (drain) await Promise.allSettled([...ends, ...background, ...reading.values()]);
    },

    runNow: async (environmentId, ruleId, type, actor) => {
      const found = await spec(environmentId, ruleId);
      if (!active.has(ruleId))
        throw new CodedError(
          'RULE_NOT_ACTIVE',
          `Rule ${JSON.stringify(found.rule.name)} cannot run: it or one of its stores is not active. Activate it and make a revision; a preview works without`,
        );
      return workerFor(found).runNow(type, `asked for by ${actor}`);
    },

    preview: (one, options = {}) => {
      const runId = newUuid();
      const { rule } = one;
      shelf.put({
        runId,
        ruleId: rule.id,
        startedAt: clock.now(),
        progress: undefined,
        preview: undefined,
        error: undefined,
      });
      const work = async (): Promise<Preview> => {
        const settings = await settingsOf(one);
        const signals = [stopping.signal, ...(options.signal === undefined ? [] : [options.signal])];
        const target = readableTarget(await ports.makeTarget(one, settings));
        const source = await ports.makeSource(one, settings);
        try {
          return await previewRule({
            source: source.reader,
            target,
            state: stateOf(one),
            rule: settings.rule,
            signal: AbortSignal.any(signals),
            clock,
            log: log.child({ ruleId: rule.id }),
            maxListed: options.maxListed ?? 100,
            runId,
            onProgress: (progress) => shelf.update(runId, { progress }),
          });
        } finally {
          await source.close();
        }
      };
      const done = work();
      const shelved = done
        .then(
          (preview) => shelf.update(runId, { preview }),
          (error: unknown) => shelf.update(runId, { error }),
        )
        .then(() => {
          background.delete(shelved);
        });
      background.add(shelved);
      return { runId, done };
    },

    previewed: (runId) => shelf.get(runId),

    explain: async (one, identifier, signal) => {
      const settings = await settingsOf(one);
      const source = await ports.makeSource(one, settings);
      try {
        return await explainObject({
          source: source.reader,
          target: readableTarget(await ports.makeTarget(one, settings)),
          state: stateOf(one),
          rule: settings.rule,
          identifier,
          signal: AbortSignal.any([signal, stopping.signal]),
          clock,
        });
      } finally {
        await source.close();
      }
    },

    release: async (environmentId, runId, actor) => {
      const { run, spec: one } = await heldRun(environmentId, runId);
      return workerFor(one).exclusively(`release of run ${runId}`, async (ends) =>
        releaseHeld({
          ...held(ends),
          run,
          actor,
          source: await ends.source().then(
            (opened) => opened.reader,
            (error: unknown) => {
              if (!(error instanceof CodedError)) throw error;
              log.warn({ ruleId: run.ruleId, err: error }, 'the source is out of reach for a release');
              return undefined;
            },
          ),
        }),
      );
    },

    discard: async (environmentId, runId, actor) => {
      const { run, spec: one } = await heldRun(environmentId, runId);
      return workerFor(one).exclusively(`discarding of run ${runId}`, (ends) =>
        discardHeld({ ...held(ends), run, actor }),
      );
    },

    deprovision: async (one, { confirmed, actor, users = true }) => {
      const worker = workerFor(one);
      const summary = await worker.exclusively('deprovisioning', (ends) =>
        deprovisionRule({ ...held(ends), confirmed, actor, users, runId: newUuid() }),
      );
      deps.observer?.runEnded(one, summary.progress, true);
      if (!active.has(one.rule.id)) {
        workers.delete(one.rule.id);
        await worker.stop('the rule was deleted', true);
      }
      return summary;
    },

    activeRules: () => [...active.keys()].flatMap((ruleId) => workers.get(ruleId)?.spec ?? []),

    sourceReturned: (reads) => {
      for (const worker of workers.values()) if (reads(worker.spec)) worker.sourceReturned();
    },

    status: (ruleId) =>
      workers.get(ruleId)?.status() ?? {
        ruleId,
        state: 'inactive',
        waitsFor: undefined,
        running: undefined,
        pending: [],
        queued: [],
        last: undefined,
        lastPollAt: undefined,
        nextRunAt: undefined,
        nextFullRunAt: undefined,
        breaker: CLOSED_BREAKER,
        source: undefined,
        push: false,
      },
  };

  function held(ends: Parameters<Parameters<RuleWorker['exclusively']>[1]>[0]) {
    const { target, state, settings, signal } = ends;
    return { target, state, rule: settings.rule, signal, clock, log };
  }
}
