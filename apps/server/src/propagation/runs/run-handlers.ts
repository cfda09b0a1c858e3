import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import { OUTCOMES, type Outcome, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { PropagationRule, Run, Store } from '@sallyport/store';
import type { HandlerGroup } from '../../http/handlers.ts';
import { collectionBody, ownPageRequest, pageRequest } from '../../http/paging.ts';
import { found, idOf, refuseValue } from '../../http/refuse.ts';
import { ruleOfRequest } from '../rules/rule-of-request.ts';
import { heldPage } from './held-page.ts';
import { previewPage } from './preview-page.ts';
import type { RuleControl } from './rule-control.ts';
import { changeBody, runBody } from './run-body.ts';

interface RunParams {
  readonly environmentId: string;
  readonly ruleId: string;
  readonly runId: string;
}

export function makeRunHandlers(store: Store, control: RuleControl, clock: Clock): HandlerGroup<'runs'> {
  /** The run as it is this moment: the store has it as of its last commit. */
  const runOf = async (rule: PropagationRule, id: Uuid): Promise<Run | undefined> => {
    const run = await store.runs.get(rule.environmentId, id);
    if (run === undefined || run.ruleId !== rule.id) return undefined;
    const live = control.status(rule.id).running;
    return live?.runId === id ? { ...run, ...live } : run;
  };
  const decide = async (
    decision: 'release' | 'discard',
    params: RunParams,
    actor: string,
  ): Promise<OperationAnswer<typeof OPERATIONS.runs.release>> => {
    const rule = await ruleOfRequest(store, params);
    const id = idOf(params.runId, 'run');
    found(await runOf(rule, id), 'run');
    // Who decides about the list of a run decides about all that waits of it. Later runs add nothing to that.
    const held = await store.held.count(rule.environmentId, rule.id, id);
    await control[decision](rule.environmentId, id, actor);
    return {
      run: { id },
      removals: held.users + held.groups + held.memberships,
      memberships: held.memberships,
    };
  };
  return {
    list: async ({ params, query }, context) => {
      const rule = await ruleOfRequest(store, params);
      const page = await store.runs.list(rule.environmentId, { ...pageRequest(query), ruleId: rule.id });
      const bodies = page.items.map((run) =>
        runBody(rule.environmentId, rule.id, run, clock.now(), context.addresses),
      );
      return collectionBody(context, 'runs', bodies, page);
    },
    start: async ({ params, body }, context) => {
      const rule = await ruleOfRequest(store, params);
      const actor = context.actor.name + (typeof body.reason === 'string' ? `: ${body.reason}` : '');
      const progress =
        body.type === 'preview'
          ? await control.startPreview(rule.environmentId, rule.id)
          : await control.runNow(rule.environmentId, rule.id, body.type, actor);
      return runBody(rule.environmentId, rule.id, progress, clock.now(), context.addresses);
    },
    read: async ({ params }, context) => {
      const rule = await ruleOfRequest(store, params);
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
      const rule = await ruleOfRequest(store, params);
      const runId = idOf(params.runId, 'run');
      const outcomes = readOutcomes(query.outcome);
      const preview = control.preview(runId);
      if (preview?.ruleId === rule.id) {
        const page = previewPage(
          preview.plans,
          { outcome: outcomes[0], objectType: query.objectType, contains: query.contains },
          ownPageRequest(query),
        );
        return collectionBody(context, 'changes', page.items.map(changeBody), page);
      }
      found(await runOf(rule, runId), 'run');
      const page = await store.journal.list(rule.environmentId, {
        ...pageRequest(query),
        ruleId: rule.id,
        runId,
        outcome: outcomes[0],
        objectType: query.objectType,
        contains: query.contains,
      });
      return collectionBody(context, 'changes', page.items.map(changeBody), page);
    },
    listRemovals: async ({ params, query }, context) => {
      const rule = await ruleOfRequest(store, params);
      const id = idOf(params.runId, 'run');
      found(await runOf(rule, id), 'run');
      const page = await heldPage(store, rule.environmentId, rule.id, id, ownPageRequest(query));
      return collectionBody(context, 'removals', page.items, page);
    },
    release: ({ params }, context) => decide('release', params, context.actor.name),
    discard: ({ params }, context) => decide('discard', params, context.actor.name),
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
