import { OUTCOMES, type Outcome, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { PropagationRule, Run, Store } from '@sallyport/store';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, pageRequest } from '../../http/paging.ts';
import { found, idOf, refuseValue } from '../../http/refuse.ts';
import { previewPage } from './preview-page.ts';
import type { RuleControl } from './rule-control.ts';
import { changeBody, runBody } from './run-body.ts';

interface RunParams {
  readonly environmentId: string;
  readonly ruleId: string;
  readonly runId: string;
}

export function makeRunHandlers(store: Store, control: RuleControl, clock: Clock): HandlerGroup<'runs'> {
  const ruleOf = async (params: Pick<RunParams, 'environmentId' | 'ruleId'>): Promise<PropagationRule> =>
    found(
      await store.rules.get(idOf(params.environmentId, 'environment'), idOf(params.ruleId, 'rule')),
      'rule',
    );
  /** The run as it is this moment: the store has it as of its last commit. */
  const runOf = async (rule: PropagationRule, id: Uuid): Promise<Run | undefined> => {
    const run = await store.runs.get(rule.environmentId, id);
    if (run === undefined || run.ruleId !== rule.id) return undefined;
    const live = control.status(rule.id).running;
    return live?.runId === id ? { ...run, ...live } : run;
  };
  return {
    list: async ({ params, query }, context) => {
      const rule = await ruleOf(params);
      const page = await store.runs.list(rule.environmentId, { ...pageRequest(query), ruleId: rule.id });
      const bodies = page.items.map((run) =>
        runBody(rule.environmentId, rule.id, run, clock.now(), context.addresses),
      );
      return collectionBody(context, 'runs', bodies, page);
    },
    start: async ({ params, body }, context) => {
      const rule = await ruleOf(params);
      const actor = context.actor.name + (typeof body.reason === 'string' ? `: ${body.reason}` : '');
      const progress =
        body.type === 'preview'
          ? await control.startPreview(rule.environmentId, rule.id)
          : await control.runNow(rule.environmentId, rule.id, body.type, actor);
      return runBody(rule.environmentId, rule.id, progress, clock.now(), context.addresses);
    },
    read: async ({ params }, context) => {
      const rule = await ruleOf(params);
      const id = idOf(params.runId, 'run');
      const preview = control.preview(id);
      const { running, pending } = control.status(rule.id);
      const progress =
        preview?.ruleId === rule.id
          ? preview.progress
          : ((await runOf(rule, id)) ??
            (running?.runId === id ? running : undefined) ??
            pending.find((waiting) => waiting.runId === id));
      return runBody(rule.environmentId, rule.id, found(progress, 'run'), clock.now(), context.addresses);
    },
    listChanges: async ({ params, query }, context) => {
      const rule = await ruleOf(params);
      const runId = idOf(params.runId, 'run');
      const outcomes = readOutcomes(query.outcome);
      const preview = control.preview(runId);
      if (preview?.ruleId === rule.id) {
        const page = previewPage(preview.plans, outcomes, pageRequest(query));
        return collectionBody(context, 'changes', page.items.map(changeBody), page);
      }
      found(await runOf(rule, runId), 'run');
      const page = await store.journal.list(rule.environmentId, {
        ...pageRequest(query),
        ruleId: rule.id,
        runId,
        outcome: outcomes[0],
      });
      return collectionBody(context, 'changes', page.items.map(changeBody), page);
    },
    listRemovals: async ({ params, query }, context) => {
      const rule = await ruleOf(params);
      const run = found(await runOf(rule, idOf(params.runId, 'run')), 'run');
      const page = await store.held.list(rule.environmentId, { ...pageRequest(query), ruleId: rule.id });
      const items = page.items
        .filter((line) => line.runId === run.runId)
        .map(({ objectType, sourceKey, place, label, how, detail }) => ({
          objectType,
          sourceKey,
          place,
          label,
          how,
          detail,
        }));
      return collectionBody(
        context,
        'removals',
        items,
        items.length === 0 ? { count: 0, nextCursor: undefined } : page,
      );
    },
    release: async ({ params }, context) => {
      const rule = await ruleOf(params);
      const run = found(await runOf(rule, idOf(params.runId, 'run')), 'run');
      const removals = await control.release(rule.environmentId, idOf(run.runId, 'run'), context.actor.name);
      return { run: { id: run.runId }, removals };
    },
    discard: async ({ params }, context) => {
      const rule = await ruleOf(params);
      const run = found(await runOf(rule, idOf(params.runId, 'run')), 'run');
      const removals = await control.discard(rule.environmentId, idOf(run.runId, 'run'), context.actor.name);
      return { run: { id: run.runId }, removals };
    },
  };
}

/** One outcome; the journal is looked up by it. */
function readOutcomes(text: string | undefined): readonly Outcome[] {
  if (text === undefined) return [];
  const outcome = OUTCOMES.find((known) => known === text);
  return outcome === undefined
    ? refuseValue(
        'INVALID_PARAMETER',
        'outcome',
        `outcome must be one of ${OUTCOMES.join(', ')}, found ${text}`,
      )
    : [outcome];
}
