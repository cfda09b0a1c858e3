import { hostname } from 'node:os';
import type { JournalEntry, RunProgress } from '@sallyport/engine';
import type { Uuid } from '@sallyport/model';
import type { RuleRunner, RuleRunnerParts } from '../../compose.ts';
import { gatewayIdOf } from '../../gateways/gateway-stores.ts';
import { allItems } from '../../http/all-items.ts';
import type { ShelvedPreview } from '../../sync/preview-shelf.ts';
import type { RuleSpec } from '../../sync/rule-spec.ts';
import { pendingRun } from '../../sync/run-records.ts';
import { makeSupervisor } from '../../sync/supervisor.ts';
import { deletedRules, settleDeletedRule } from './deleted-rules.ts';
import { makeRulePorts } from './rule-ports.ts';
import { readSavedSpec } from './saved-spec.ts';

/** Plans of a preview that are listed, for each outcome; counting goes on beyond. */
const MAX_LISTED = 1000;

/** The supervisor behind the API's questions. */
export function makeSupervisedRules(parts: RuleRunnerParts): RuleRunner {
  const { store, clock, log } = parts;
  const supervisor = makeSupervisor({
    store,
    ports: makeRulePorts(parts),
    // A restarted process of the same name takes its old leases over at once.
    holder: hostname(),
    clock,
    log,
    observer: parts.observer,
  });
  const background = new Set<Promise<void>>();
  const inBackground = (what: string, work: Promise<void>): void => {
    const settled = work
      .catch((error: unknown) => log.error({ err: error }, what))
      .finally(() => background.delete(settled));
    background.add(settled);
  };

  const settling = new Set<string>();
  /** Begins with each rule that is gone and not yet begun with. It may take as long as the first load did: nobody waits. */
  const settleDeleted = async (environmentId: Uuid): Promise<void> => {
    for (const spec of await deletedRules(store, environmentId)) {
      const { id } = spec.rule;
      if (settling.has(id)) continue;
      settling.add(id);
      inBackground(
        'what a deleted rule leaves could not be settled',
        settleDeletedRule(store, supervisor, spec, log).finally(() => settling.delete(id)),
      );
    }
  };

  /** The state it is compared with is that of the newest revision, if it was ever run. */
  const savedSpec = (environmentId: Uuid, ruleId: Uuid): Promise<RuleSpec> =>
    readSavedSpec(store, environmentId, ruleId);

  return {
    start: async () => {
      await supervisor.start();
      const environments = await allItems((request) => store.environments.list(request));
      for (const environment of environments)
        if (environment.status === 'ACTIVE')
          inBackground('what deleted rules leave could not be found', settleDeleted(environment.id));
    },
    stop: async (signal) => {
      const drained = supervisor.stop({ drain: true }).then(() => Promise.all(background));
      const cut = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([drained, cut]);
      if (signal.aborted) await supervisor.stop({ drain: false });
    },
    runNow: async (environmentId, ruleId, type, actor) => {
      const ticket = await supervisor.runNow(environmentId, ruleId, type, actor);
      const { running } = supervisor.status(ruleId);
      if (running?.runId === ticket.runId) return running;
      const reason = ticket.waitsFor === undefined ? `asked for by ${actor}` : `waits for ${ticket.waitsFor}`;
      return pendingRun({ runId: ticket.runId, type, reason }, clock.now());
    },
    startPreview: async (environmentId, ruleId) => {
      const { runId, done } = supervisor.preview(await savedSpec(environmentId, ruleId), {
        maxListed: MAX_LISTED,
      });
      // How it ends is kept on the shelf, where it is asked for.
      done.catch(() => undefined);
      return (
        previewProgress(supervisor.previewed(runId)) ??
        pendingRun({ runId, type: 'preview', reason: 'preview' }, clock.now())
      );
    },
    preview: (runId) => {
      const shelved = supervisor.previewed(runId);
      const progress = previewProgress(shelved);
      if (shelved === undefined || progress === undefined) return undefined;
      const plans = (shelved.preview?.plans ?? []).map(
        (plan): JournalEntry => ({ ...plan, at: shelved.startedAt }),
      );
      return { progress, ruleId: shelved.ruleId, plans };
    },
    explain: async (environmentId, ruleId, identifier, signal) =>
      supervisor.explain(await savedSpec(environmentId, ruleId), identifier, signal),
    release: async (environmentId, runId, actor) =>
      total(await supervisor.release(environmentId, runId, actor)),
    discard: async (environmentId, runId, actor) =>
      total(await supervisor.discard(environmentId, runId, actor)),
    status: (ruleId) => supervisor.status(ruleId),
    activeRules: () => supervisor.activeRules(),
    gatewayConnected: (gatewayId) =>
      supervisor.sourceReturned((spec) => gatewayIdOf(spec.source.configuration) === gatewayId),
    revisionCreated: async (environmentId) => {
      await supervisor.revisionCreated(environmentId);
      await settleDeleted(environmentId);
    },
    // Without a revision there is nothing left to run.
    environmentRemoved: (environmentId) => supervisor.revisionCreated(environmentId),
  };
}

function previewProgress(shelved: ShelvedPreview | undefined): RunProgress | undefined {
  if (shelved === undefined) return undefined;
  if (shelved.preview !== undefined) return shelved.preview.progress;
  const progress =
    shelved.progress ??
    pendingRun({ runId: shelved.runId, type: 'preview', reason: 'preview' }, shelved.startedAt);
  if (shelved.error === undefined) return progress;
  const { error } = shelved;
  return {
    ...progress,
    status: 'failed',
    endedAt: progress.endedAt ?? shelved.startedAt,
    errorCode: error instanceof Error && 'code' in error ? String(error.code) : 'UNEXPECTED_ERROR',
    errorMessage: error instanceof Error ? error.message : String(error),
  };
}

function total({ counts }: { readonly counts: Readonly<Record<string, number>> }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
