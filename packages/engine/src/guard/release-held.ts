import { CodedError, type ObjectType } from '@sallyport/model';
import type { CompiledMappings } from '../mapping/compiled-mappings.ts';
import { makeMapper } from '../mapping/map-object.ts';
import { releaseMembers } from '../membership/release-members.ts';
import { type ReadableTarget, readableState, readableTarget } from '../port/readable.ts';
import type { ReadNeed, SourceObject, SourceReader } from '../port/source.ts';
import type { HeldRemoval, Link } from '../port/sync-state.ts';
import { type EngineRule, graceMs, groupView } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner, type GoneLink, type Naming } from '../run/batch-planner.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import { compileRule, nameOf, namingOf, needOf, syncsMemberships } from '../run/make-parts.ts';
import type { PlanSink } from '../run/plan-sink.ts';
import type { PlannedObject } from '../run/planned-object.ts';
import { makeWritingSink } from '../run/writing-sink.ts';
import { endDecision } from './end-decision.ts';
import { type HoldInput, type HoldSummary, isWaiting, makeDecisionBook, readHeldBy } from './held-list.ts';

export interface ReleaseInput extends HoldInput {
  /** Each object is asked for once more; undefined if the source is known to be out of reach. */
  readonly source: SourceReader | undefined;
}

const FINAL = (): boolean => false;
const UNHEARD = (): undefined => undefined;

/**
 * Carries out exactly the list that a person saw, whatever later runs added to it. An object that came back in the meantime is
 * not removed but synced like any other; if the source is out of reach, the list counts as it was seen. Killed in the middle,
 * it is simply released again: what was removed no longer waits.
 */
export async function releaseHeld(input: ReleaseInput): Promise<HoldSummary> {
  const { rule, state, clock, run, actor } = input;
  const held = await readHeldBy(state, run.runId);
  const target = readableTarget(input.target);
  const mappings = compileRule(rule, target);
  const book = makeDecisionBook(run, clock.now());
  const memberships = syncsMemberships(rule, mappings);
  if (held.members.length > 0 && !memberships) throw notLookedAt(run.runId, 'memberships');
  const source = await reachable(input);
  const sinkOf = (objectType: ObjectType): PlanSink =>
    makeWritingSink({ objectType, target: input.target, state, clock, book, memberships });
  for (const objectType of held.types) {
    const view = objectType === rule.objectType ? rule : groupView(rule);
    const compiled = objectType === rule.objectType ? mappings.main : mappings.groups;
    if (view === undefined || compiled === undefined) throw notLookedAt(run.runId, `${objectType}s`);
    await releaseObjects({
      input,
      view,
      compiled,
      removals: held.removals.filter((one) => one.objectType === objectType),
      source,
      need: needOf(rule, mappings),
      naming: source === undefined ? undefined : namingOf(rule, mappings, source, false),
      target,
      sink: sinkOf(objectType),
    });
  }
  await releaseMembers({
    held,
    source,
    need: needOf(rule, mappings),
    state: readableState(state),
    target,
    nameOf: nameOf(mappings),
    sink: sinkOf('group'),
    signal: input.signal,
    actor,
    forget: async (groupLinks) => {
      const kept = held.kept.filter((one) => groupLinks.includes(one.groupLink));
      await state.transaction((tx) => tx.saveHeldMembers(run.runId, groupLinks, kept));
    },
  });
  const progress = book.ended();
  await endDecision(state, held, progress);
  input.log.info({ runId: run.runId, actor, counts: book.counts }, 'held removals released');
  return { progress, counts: book.counts };
}

function notLookedAt(runId: string, what: string): CodedError {
  return new CodedError(
    'NOTHING_HELD',
    `Run ${runId} holds ${what}, which the rule does not look at any more; look at them again, or discard the list`,
  );
}

interface ReleaseOfType {
  readonly input: ReleaseInput;
  /** The rule as it looks upon the type. */
  readonly view: EngineRule;
  readonly compiled: CompiledMappings;
  readonly removals: readonly HeldRemoval[];
  readonly source: SourceReader | undefined;
  readonly need: ReadNeed;
  readonly naming: Naming | undefined;
  readonly target: ReadableTarget;
  readonly sink: PlanSink;
}

async function releaseObjects(parts: ReleaseOfType): Promise<void> {
  const { view, compiled, target, sink, naming } = parts;
  const { state, clock, signal, actor } = parts.input;
  const plannerWith = (known: Naming | undefined): BatchPlanner =>
    new BatchPlanner({
      mappings: compiled,
      mapper: makeMapper(compiled, clock.now()),
      // The removal was allowed when the list was made, and a person has confirmed it since.
      permissions: { ...permissionsFor(view.objectType, view.actions), deprovision: true },
      target,
      state: readableState(state),
      graceMs: graceMs(view),
      now: () => clock.now(),
      rememberClaims: false,
      naming: known,
    });
  const leaving = plannerWith(naming);
  // Members of a group that came back are the next run's, which looks at it again.
  const returning = plannerWith(naming === undefined ? undefined : { ...naming, members: false });
  for (const chunk of chunks(parts.removals, KEYS_AT_ONCE)) {
    signal.throwIfAborted();
    const links = (await state.linksByNumbers(chunk.map((one) => one.linkNumber))).filter(isWaiting);
    const back = await inScopeAgain(parts, links);
    const returned = new Set(back.map((object) => object.key));
    const byNumber = new Map(chunk.map((one) => [one.linkNumber, one]));
    // Objects of the source die with its next answer, so those that came back are prepared first.
    const prepared = back.length > 0 ? await returning.prepare(back) : undefined;
    const gone = links.flatMap((link): GoneLink[] => {
      const one = byNumber.get(link.number);
      return one === undefined || returned.has(link.sourceKey)
        ? []
        : [{ link, how: one.how, detail: one.detail }];
    });
    const released = (await leaving.planGone(gone)).map((object) => because(object, `released by ${actor}`));
    await sink.carryOut(released, FINAL, UNHEARD);
    if (prepared !== undefined) {
      const present = (await returning.plan(prepared, true)).map((object) =>
        because(notRemoved(object), 'it is in scope again, so it is not removed'),
      );
      await sink.carryOut(present, FINAL, UNHEARD);
    }
  }
}

function because(object: PlannedObject, why: string): PlannedObject {
  return { ...object, plan: { ...object.plan, reason: `${object.plan.reason}; ${why}` } };
}

/** News for whoever released it, even if nothing had to be written. */
function notRemoved(object: PlannedObject): PlannedObject {
  return object.plan.outcome === 'unchanged'
    ? { ...object, plan: { ...object.plan, outcome: 'skipped' } }
    : object;
}

async function reachable(input: ReleaseInput): Promise<SourceReader | undefined> {
  if (input.source === undefined) return undefined;
  try {
    await input.source.open(input.signal);
    return input.source;
  } catch (error) {
    input.signal.throwIfAborted();
    if (!(error instanceof CodedError)) throw error;
    input.log.warn(
      { runId: input.run.runId, err: error },
      'the source is out of reach, releasing the list as it was seen',
    );
    return undefined;
  }
}

async function inScopeAgain(
  { input, view, source, need }: ReleaseOfType,
  links: readonly Link[],
): Promise<readonly SourceObject[]> {
  if (source === undefined || links.length === 0) return [];
  const keys = links.map((link) => link.sourceKey);
  const answers = await source.readByKeys(view.objectType, keys, need, input.signal);
  return answers.flatMap((answer) => (answer.found === 'inScope' ? [answer.object] : []));
}
