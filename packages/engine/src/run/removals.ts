import { type GuardVerdict, guardRemovals, REMOVAL_WINDOW_MS } from '../guard/guard.ts';
import { isWaiting } from '../guard/held-list.ts';
import { isRemovalCandidate } from '../guard/removal-candidate.ts';
import type { KeyAnswer } from '../port/source.ts';
import type { HeldRemoval, Link } from '../port/sync-state.ts';
import type { GoneLink } from './batch-planner.ts';
import { chunks, KEYS_AT_ONCE } from './chunks.ts';
import type { Execution, TypeEnd } from './execution.ts';
import type { PlannedObject } from './planned-object.ts';
import type { PresentObjects } from './present-objects.ts';

/** A link whose source object was not there, and what the stream said about it, if it said anything. */
export interface Missing {
  readonly link: Link;
  readonly hint: { readonly how: 'deleted' | 'outOfScope'; readonly detail: string } | undefined;
}

/** A removal confirmed by asking for the key again. A million of them are a list, not a million links. */
interface Confirmed {
  readonly linkNumber: number;
  readonly how: 'deleted' | 'outOfScope';
  readonly detail: string;
  readonly place: string | undefined;
  /** There is something at the target. */
  readonly counts: boolean;
  /** The link was counted among the linked objects of the rule. */
  readonly wasInScope: boolean;
}

function goneAnswer(
  answer: Exclude<KeyAnswer, { found: 'inScope' }>,
  hint: Missing['hint'],
): Pick<Confirmed, 'how' | 'detail' | 'place'> {
  if (answer.found === 'outOfScope') return { how: 'outOfScope', detail: answer.detail, place: answer.place };
  return {
    how: 'deleted',
    detail: hint?.how === 'deleted' ? hint.detail : 'no longer in the directory',
    place: undefined,
  };
}

/**
 * Asks for every candidate again by key; whatever is in scope goes the way of any object in scope. Nothing is removed on
 * the strength of one reading.
 */
async function confirm(
  execution: Execution,
  present: PresentObjects,
  missing: AsyncIterable<readonly Missing[]>,
): Promise<readonly Confirmed[]> {
  const { source, rule, need, signal, permissions } = execution;
  const confirmed: Confirmed[] = [];
  for await (const batch of missing) {
    for (const chunk of chunks(
      batch.filter(({ link }) => isRemovalCandidate(link, permissions)),
      KEYS_AT_ONCE,
    )) {
      signal.throwIfAborted();
      const keys = chunk.map(({ link }) => link.sourceKey);
      const answers = new Map(
        (await source.readByKeys(rule.objectType, keys, need, signal)).map((answer) => [answer.key, answer]),
      );
      const back = [...answers.values()].flatMap((answer) =>
        answer.found === 'inScope' ? [answer.object] : [],
      );
      for (const { link, hint } of chunk) {
        const answer = answers.get(link.sourceKey);
        if (answer === undefined || answer.found === 'inScope') continue;
        confirmed.push({
          linkNumber: link.number,
          counts: link.targetId !== undefined,
          wasInScope: link.presence === 'inScope',
          ...goneAnswer(answer, hint),
        });
      }
      if (back.length > 0) await present.turnedUp(back);
    }
  }
  return confirmed;
}

async function linksOf(
  execution: Execution,
  chunk: readonly Confirmed[],
): Promise<readonly (GoneLink & { readonly confirmed: Confirmed })[]> {
  const links = new Map(
    (await execution.state.linksByNumbers(chunk.map((one) => one.linkNumber))).map((link) => [
      link.number,
      link,
    ]),
  );
  return chunk.flatMap((confirmed) => {
    const link = links.get(confirmed.linkNumber);
    if (link === undefined) return [];
    const moved = confirmed.place === undefined ? link : { ...link, place: confirmed.place };
    return [
      { link: moved, formerPlace: link.place, how: confirmed.how, detail: confirmed.detail, confirmed },
    ];
  });
}

/** `carryOut` for what the guard does not count, `remove` for what it counted. */
async function remove(
  execution: Execution,
  present: PresentObjects,
  confirmed: readonly Confirmed[],
  carryOut: (objects: readonly PlannedObject[]) => Promise<unknown>,
): Promise<void> {
  const { planner, signal } = execution;
  for (const chunk of chunks(confirmed, KEYS_AT_ONCE)) {
    signal.throwIfAborted();
    const objects = await planner.planGone(await linksOf(execution, chunk));
    await carryOut(objects);
    present.left(objects);
  }
}

function heldPlan(object: PlannedObject, gone: GoneLink, reason: string): PlannedObject {
  return {
    ...object,
    plan: {
      ...object.plan,
      outcome: 'held',
      status: 'HELD',
      reason: `${gone.how === 'deleted' ? 'Deleted at the source' : 'Out of scope'} (${gone.detail}); its removal waits for a person: ${reason}`,
      errorCode: 'REMOVALS_HELD',
      write: undefined,
      changes: [],
      targetId: gone.link.targetId,
      presence: gone.how,
      disabledByRule: gone.link.disabledByRule,
      deleteAfter: gone.link.deleteAfter,
      removeLink: false,
    },
  };
}

async function hold(
  execution: Execution,
  confirmed: readonly Confirmed[],
  verdict: GuardVerdict,
  before: readonly HeldRemoval[],
): Promise<readonly HeldRemoval[]> {
  const { planner, sink, signal, ledger } = execution;
  const listed = new Map(before.map((one) => [one.linkNumber, one]));
  const removals: HeldRemoval[] = [];
  for (const chunk of chunks(confirmed, KEYS_AT_ONCE)) {
    signal.throwIfAborted();
    const links = await linksOf(execution, chunk);
    const planned = await planner.planGone(links);
    const held = planned.flatMap((object, at) => {
      const gone = links[at];
      if (gone === undefined) return [];
      const removal: HeldRemoval = {
        linkNumber: gone.link.number,
        objectType: gone.link.objectType,
        sourceKey: object.key,
        place: object.place,
        label: object.label,
        how: gone.how,
        detail: gone.detail,
        firstRunId: firstRun(gone.confirmed, listed.get(gone.link.number)) ?? ledger.runId,
      };
      return [{ object: heldPlan(object, gone, verdict.reason), removal }];
    });
    await sink.hold(held);
    for (const { removal } of held) removals.push(removal);
  }
  return removals;
}

/** Who listed it before, if it is the removal that waits: it has another effect for another reason, and is new after a return. */
function firstRun({ how, wasInScope }: Confirmed, listed: HeldRemoval | undefined): string | undefined {
  return listed?.how === how && !wasInScope ? listed.firstRunId : undefined;
}

/** What came back since the list was made waits no more, and must not count against those that leave now. */
async function stillWaiting(
  { state }: Execution,
  removals: readonly HeldRemoval[],
): Promise<readonly HeldRemoval[]> {
  const waiting: HeldRemoval[] = [];
  for (const chunk of chunks(removals, KEYS_AT_ONCE)) {
    const links = await state.linksByNumbers(chunk.map((one) => one.linkNumber));
    const numbers = new Set(links.filter(isWaiting).map((link) => link.number));
    for (const one of chunk) if (numbers.has(one.linkNumber)) waiting.push(one);
  }
  return waiting;
}

/**
 * The end of a read: confirms what is missing, asks the guard, and removes or holds. `linked` is the number of linked
 * objects before the run. What was removed without a person within the window counts, and so does a list that already
 * waits, which grows with the new removals; a full run, which finds everything missing anew, replaces it. What stands in
 * both lists keeps the run that listed it first.
 */
export async function handleRemovals(
  execution: Execution,
  present: PresentObjects,
  missing: AsyncIterable<readonly Missing[]>,
  linked: number,
  type: 'full' | 'delta',
): Promise<Pick<TypeEnd, 'guard' | 'held'>> {
  const { state, rule, permissions, ledger, log, clock, sink } = execution;
  const confirmed = await confirm(execution, present, missing);
  const noList = type === 'full' ? ({ kind: 'none' } as const) : ({ kind: 'keep' } as const);
  if (confirmed.length === 0) return { guard: undefined, held: noList };
  ledger.enter('removing');
  const counted = permissions.deprovision ? confirmed.filter((one) => one.counts) : [];
  const fresh = new Set(counted.map((one) => one.linkNumber));
  const before = (await state.held(rule.objectType))?.removals ?? [];
  const waiting = await stillWaiting(
    execution,
    type === 'full' ? [] : before.filter((one) => !fresh.has(one.linkNumber)),
  );
  const removed = await state.removedSince(rule.objectType, clock.now() - REMOVAL_WINDOW_MS);
  const guard = guardRemovals({
    limits: rule,
    linked: linked + counted.filter((one) => !one.wasInScope).length + waiting.length + removed,
    wanted: counted.length,
    waiting: waiting.length,
    removed,
  });
  const uncounted = confirmed.filter((one) => !fresh.has(one.linkNumber));
  await remove(execution, present, uncounted, (objects) =>
    sink.carryOut(
      objects,
      () => false,
      () => undefined,
    ),
  );
  if (guard.passes) {
    await remove(execution, present, counted, (objects) => sink.remove(objects));
    return { guard, held: waiting.length === 0 ? { kind: 'none' } : noList };
  }
  log.warn({ runId: ledger.runId, wanted: counted.length, removed, allowed: guard.allowed }, 'removals held');
  const removals = await hold(execution, counted, guard, before);
  return { guard, held: { kind: 'list', removals: [...waiting, ...removals] } };
}

/**
 * Deletes disabled objects whose grace period ended, after asking for them once more: one that is back in scope is
 * treated as such, which ends its grace period too.
 */
export async function deleteDue(execution: Execution, present: PresentObjects): Promise<void> {
  const { state, rule, clock, source, need, signal, planner, sink } = execution;
  const tried = new Set<number>();
  let limit = KEYS_AT_ONCE;
  for (;;) {
    signal.throwIfAborted();
    const due = await state.dueDeletions(rule.objectType, clock.now(), limit);
    const links = due.filter((link) => !tried.has(link.number)).slice(0, KEYS_AT_ONCE);
    // What the target refused stays due, and must not hide those that are due after it.
    if (links.length < KEYS_AT_ONCE && due.length === limit) limit += KEYS_AT_ONCE;
    else if (links.length === 0) return;
    if (links.length === 0) continue;
    for (const link of links) tried.add(link.number);
    const answers = await source.readByKeys(
      rule.objectType,
      links.map((link) => link.sourceKey),
      need,
      signal,
    );
    const byKey = new Map(answers.map((answer) => [answer.key, answer]));
    const back = answers.flatMap((answer) => (answer.found === 'inScope' ? [answer.object] : []));
    const gone = links.flatMap((link): GoneLink[] => {
      const answer = byKey.get(link.sourceKey);
      if (answer === undefined || answer.found === 'inScope') return [];
      const { how, detail } = goneAnswer(answer, undefined);
      return [{ link, how, detail }];
    });
    // An object is alive until the source is asked again, so the planner takes the returned ones first.
    if (back.length > 0) await present.turnedUp(back);
    await sink.carryOut(
      await planner.planGone(gone),
      () => false,
      () => undefined,
    );
  }
}
