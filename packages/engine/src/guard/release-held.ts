import { CodedError } from '@sallyport/model';
import { compileMappings } from '../mapping/compile-mappings.ts';
import { makeMapper } from '../mapping/map-object.ts';
import { readableState, readableTarget } from '../port/readable.ts';
import type { SourceObject, SourceReader } from '../port/source.ts';
import type { Link } from '../port/sync-state.ts';
import { graceMs } from '../rule/engine-rule.ts';
import { permissionsFor } from '../rule/permissions.ts';
import { BatchPlanner, type GoneLink } from '../run/batch-planner.ts';
import { chunks, KEYS_AT_ONCE } from '../run/chunks.ts';
import type { PlannedObject } from '../run/planned-object.ts';
import { makeWritingSink } from '../run/writing-sink.ts';
import { assertHeldBy, type HoldInput, type HoldSummary, isWaiting, makeDecisionBook } from './held-list.ts';

export interface ReleaseInput extends HoldInput {
  /** Each object is asked for once more; undefined if the source is known to be out of reach. */
  readonly source: SourceReader | undefined;
}

const FINAL = (): boolean => false;
const UNHEARD = (): undefined => undefined;

/**
 * Carries out exactly the list that a person saw. An object that came back in the meantime is not removed but synced like
 * any other; if the source is out of reach, the list counts as it was seen. Killed in the middle, it is simply released
 * again: what was removed no longer waits.
 */
export async function releaseHeld(input: ReleaseInput): Promise<HoldSummary> {
  const { rule, state, clock, signal, run, actor } = input;
  const held = assertHeldBy(await state.held(rule.objectType), run.runId);
  const target = readableTarget(input.target);
  const mappings = compileMappings(rule, target);
  const planner = new BatchPlanner({
    mappings,
    mapper: makeMapper(mappings, clock.now()),
    // The removal was allowed when the list was made, and a person has confirmed it since.
    permissions: { ...permissionsFor(rule.objectType, rule.actions), deprovision: true },
    target,
    state: readableState(state),
    graceMs: graceMs(rule),
    now: () => clock.now(),
    rememberClaims: false,
  });
  const book = makeDecisionBook(run, clock.now());
  const sink = makeWritingSink({ objectType: rule.objectType, target: input.target, state, clock, book });
  const source = await reachable(input);
  for (const chunk of chunks(held.removals, KEYS_AT_ONCE)) {
    signal.throwIfAborted();
    const links = (await state.linksByNumbers(chunk.map((one) => one.linkNumber))).filter(isWaiting);
    const back = await inScopeAgain(input, source, links, mappings.needs);
    const returned = new Set(back.map((object) => object.key));
    const byNumber = new Map(chunk.map((one) => [one.linkNumber, one]));
    // Objects of the source die with its next answer, so those that came back are prepared first.
    const prepared = back.length > 0 ? await planner.prepare(back) : undefined;
    const gone = links.flatMap((link): GoneLink[] => {
      const one = byNumber.get(link.number);
      return one === undefined || returned.has(link.sourceKey)
        ? []
        : [{ link, how: one.how, detail: one.detail }];
    });
    const released = (await planner.planGone(gone)).map((object) => because(object, `released by ${actor}`));
    await sink.carryOut(released, FINAL, UNHEARD);
    if (prepared !== undefined) {
      const present = (await planner.plan(prepared, true)).map((object) =>
        because(notRemoved(object), 'it is in scope again, so it is not removed'),
      );
      await sink.carryOut(present, FINAL, UNHEARD);
    }
  }
  const progress = book.ended();
  await state.transaction(async (tx) => {
    await tx.clearHeld(rule.objectType);
    await tx.saveRun(progress);
  });
  input.log.info({ runId: run.runId, actor, counts: book.counts }, 'held removals released');
  return { progress, counts: book.counts };
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
  { rule, signal }: ReleaseInput,
  source: SourceReader | undefined,
  links: readonly Link[],
  attributes: readonly string[],
): Promise<readonly SourceObject[]> {
  if (source === undefined || links.length === 0) return [];
  const keys = links.map((link) => link.sourceKey);
  const answers = await source.readByKeys(rule.objectType, keys, { attributes }, signal);
  return answers.flatMap((answer) => (answer.found === 'inScope' ? [answer.object] : []));
}
