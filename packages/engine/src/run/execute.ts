// Longer than a page: full and delta runs in one place, because what follows the reading must stay the same for both.

import type { ObjectType } from '@sallyport/model';
import { distrustOf } from '../guard/read-trust.ts';
import { SeenLinks } from '../guard/seen-links.ts';
import { joinChange, type NetChange } from '../membership/net-changes.ts';
import {
  type Position,
  PositionLost,
  type ReadEnd,
  type SourceChange,
  type SourceObject,
} from '../port/source.ts';
import type { PreparedBatch } from './batch-planner.ts';
import type { RunChoice } from './choose-run.ts';
import { chunks, KEYS_AT_ONCE } from './chunks.ts';
import type { Execution, ExecutionEnd, RunParts, TypeEnd } from './execution.ts';
import { pipeline } from './pipeline.ts';
import { PresentObjects } from './present-objects.ts';
import { deleteDue, handleRemovals, type Missing } from './removals.ts';

const NUMBERS_AT_ONCE = 20_000;
/** Groups are asked for with all their members. */
const GROUPS_AT_ONCE = 50;

/** One type of object on its way through the run. */
interface Lane {
  readonly objectType: ObjectType;
  readonly execution: Execution;
  readonly present: PresentObjects;
}

interface PreparedLane {
  readonly lane: Lane;
  readonly batch: PreparedBatch;
}

/** Users and groups of one batch, and memberships told one by one. */
interface PreparedChanges {
  readonly lanes: readonly PreparedLane[];
  readonly members: ReadonlyMap<string, NetChange>;
}

/** The run itself, from the first object to the last removal; what is committed with its end is the caller's. */
export async function execute(
  parts: RunParts,
  choice: RunChoice,
  position: Position | undefined,
): Promise<ExecutionEnd> {
  const lanes = [parts.main, ...(parts.groups === undefined ? [] : [parts.groups])].map(
    (execution): Lane => ({
      objectType: execution.rule.objectType,
      execution,
      present: new PresentObjects(execution, parts.memberships),
    }),
  );
  if (choice.type === 'delta' && position !== undefined) {
    try {
      return await executeDelta(parts, lanes, position, choice);
    } catch (error) {
      if (!(error instanceof PositionLost)) throw error;
      parts.main.log.warn({ reason: error.message }, 'position lost, reading everything');
      for (const { present } of lanes) present.startOver();
      return await executeFull(parts, lanes, { ...choice, type: 'full', reason: error.message });
    }
  }
  return executeFull(parts, lanes, choice);
}

function laneOf(lanes: readonly Lane[], objectType: ObjectType): Lane {
  const lane = lanes.find((one) => one.objectType === objectType);
  if (lane === undefined)
    throw new Error(`the source answered with a ${objectType}, which the rule did not ask for`);
  return lane;
}

async function executeFull(
  parts: RunParts,
  lanes: readonly Lane[],
  choice: RunChoice,
): Promise<ExecutionEnd> {
  const { source, need, signal, ledger } = parts.main;
  parts.memberships?.groupsFollow(true);
  const known = await Promise.all(
    lanes.map(async (lane) => {
      const { state } = lane.execution;
      const [last, linked] = await Promise.all([
        state.lastFullRead(lane.objectType),
        state.countLinked(lane.objectType),
      ]);
      const seen = new SeenLinks();
      lane.present.markIn(seen);
      return { lane, last, linked, seen };
    }),
  );
  const expected = known.every(({ last }) => last === undefined)
    ? undefined
    : known.reduce((sum, { last }) => sum + (last?.objects ?? 0), 0);
  ledger.become(ledger.type === 'preview' ? 'preview' : 'full', choice.reason, expected);
  ledger.enter('reading');
  const read = await pipeline(
    source.readAll(need, signal),
    (objects) => prepareObjects(lanes, objects),
    (prepared) => carryOut(parts, prepared),
    signal,
  );
  parts.memberships?.groupsFollow(false);
  const ends: TypeEnd[] = [];
  for (const { lane, last, linked, seen } of known) {
    const { execution, present, objectType } = lane;
    const objects = present.read;
    const distrust = distrustOf({
      objects,
      basesRead: read.basesRead,
      linked,
      anyInScope: objects === 0 && (await anyInScope(execution)),
      last,
      scopeChanged: choice.scopeChanged,
    });
    const done =
      distrust === undefined
        ? await handleRemovals(execution, present, unseen(execution, seen), linked, 'full')
        : ({ guard: undefined, held: { kind: 'keep' } } as const);
    ends.push({ objectType, objects, distrust, ...done });
  }
  return finish(parts, lanes, 'full', read, ends);
}

/** Batches of the source are of one type; whatever is in this one, each lane prepares its own. */
async function prepareObjects(
  lanes: readonly Lane[],
  objects: readonly SourceObject[],
): Promise<PreparedChanges> {
  const prepared: PreparedLane[] = [];
  for (const lane of lanes) {
    const own =
      lanes.length === 1 ? objects : objects.filter((object) => object.objectType === lane.objectType);
    if (own.length > 0) prepared.push({ lane, batch: await lane.present.prepare(own) });
  }
  return { lanes: prepared, members: NO_MEMBERS };
}

const NO_MEMBERS: ReadonlyMap<string, NetChange> = new Map();

async function carryOut(parts: RunParts, { lanes, members }: PreparedChanges): Promise<void> {
  // All at once: while the people of a batch are written, the groups of the next one may be the ones that wait here.
  for (const { lane, batch } of lanes) lane.present.writing(batch);
  for (const { lane, batch } of lanes) await lane.present.carryOut(batch);
  await parts.memberships?.change(members);
}

async function executeDelta(
  parts: RunParts,
  lanes: readonly Lane[],
  position: Position,
  choice: RunChoice,
): Promise<ExecutionEnd> {
  const { source, need, signal, ledger } = parts.main;
  parts.memberships?.groupsFollow(false);
  for (const { present } of lanes) present.markIn(undefined);
  ledger.become('delta', choice.reason, undefined);
  ledger.enter('reading');
  const gone = new Map(lanes.map((lane) => [lane.objectType, new Map<string, Missing['hint']>()]));
  const read = await pipeline(
    source.changesSince(position, need, signal),
    (changes) => prepareChanges(lanes, gone, changes),
    (prepared) => carryOut(parts, prepared),
    signal,
  );
  await readWhole(parts, lanes);
  const ends: TypeEnd[] = [];
  for (const lane of lanes) {
    const { execution, present, objectType } = lane;
    const { state } = execution;
    // A strategy that reads a log instead of bases names none, which says nothing about them.
    const distrust =
      read.basesRead.length === 0
        ? undefined
        : distrustOf({
            objects: 1,
            basesRead: read.basesRead,
            linked: 0,
            anyInScope: false,
            last: await state.lastFullRead(objectType),
            scopeChanged: false,
          });
    const missing = gone.get(objectType);
    const done =
      distrust === undefined && missing !== undefined && missing.size > 0
        ? await handleRemovals(
            execution,
            present,
            linkedKeys(execution, missing),
            await state.countLinked(objectType),
            'delta',
          )
        : ({ guard: undefined, held: { kind: 'keep' } } as const);
    ends.push({ objectType, objects: present.read, distrust, ...done });
  }
  return finish(parts, lanes, 'delta', read, ends);
}

/**
 * Sorts a batch of changes by type. What is gone waits for the end of the reading; of several changes of one object the last one
 * counts, and a group that comes with all its members makes what was told of them before superfluous.
 */
async function prepareChanges(
  lanes: readonly Lane[],
  gone: ReadonlyMap<ObjectType, Map<string, Missing['hint']>>,
  changes: readonly SourceChange[],
): Promise<PreparedChanges> {
  const objects: SourceObject[] = [];
  const members = new Map<string, NetChange>();
  for (const change of changes) {
    switch (change.kind) {
      case 'gone':
        for (const [objectType, keys] of gone)
          if (change.objectType === undefined || change.objectType === objectType)
            keys.set(change.key, { how: change.how, detail: change.detail });
        break;
      case 'members':
        joinChange(members, change);
        break;
      case 'present': {
        const { object } = change;
        for (const keys of gone.values()) keys.delete(object.key);
        if (object.members !== undefined) members.delete(object.key);
        objects.push(object);
      }
    }
  }
  const prepared = await prepareObjects(lanes, objects);
  return { lanes: prepared.lanes, members };
}

/** Groups whose single changes could not be carried out as such, and those that took one for another: asked for with all their members, a few at a time. */
async function readWhole(parts: RunParts, lanes: readonly Lane[]): Promise<void> {
  const keys = parts.memberships?.takeToRead() ?? [];
  if (keys.length === 0) return;
  const { source, need, signal } = parts.main;
  const { present } = laneOf(lanes, 'group');
  for (const chunk of chunks(keys, GROUPS_AT_ONCE)) {
    signal.throwIfAborted();
    const answers = await source.readByKeys('group', chunk, need, signal);
    const found = answers.flatMap((answer) => (answer.found === 'inScope' ? [answer.object] : []));
    // One that is not in scope is told as gone, if it ever was the rule's.
    if (found.length > 0) await present.turnedUp(found);
  }
}

async function finish(
  parts: RunParts,
  lanes: readonly Lane[],
  type: ExecutionEnd['type'],
  read: ReadEnd,
  types: readonly TypeEnd[],
): Promise<ExecutionEnd> {
  for (const { execution, present, objectType } of lanes)
    if (types.find((one) => one.objectType === objectType)?.distrust === undefined)
      await deleteDue(execution, present);
  for (const { present } of lanes) await present.settleDeferred();
  await parts.memberships?.revisit();
  await readWhole(parts, lanes);
  if (type === 'full' || parts.recovering) await parts.memberships?.sweep();
  parts.main.ledger.enter('finishing');
  return { type, read, types };
}

/** Whether the last look left anybody in scope: once all have left one by one, an empty answer is no surprise. */
async function anyInScope({ state, rule, signal }: Execution): Promise<boolean> {
  let after = 0;
  for (;;) {
    signal.throwIfAborted();
    const links = await state.scanLinks(rule.objectType, after, KEYS_AT_ONCE);
    const last = links.at(-1);
    if (last === undefined) return false;
    if (links.some((link) => link.presence === 'inScope')) return true;
    after = last.number;
  }
}

/** Links that a full read did not meet: their numbers come from an index, their rows only if they are unseen. */
async function* unseen(execution: Execution, seen: SeenLinks): AsyncGenerator<readonly Missing[]> {
  const { state, rule, signal } = execution;
  let after = 0;
  for (;;) {
    signal.throwIfAborted();
    const numbers = await state.linkNumbers(rule.objectType, after, NUMBERS_AT_ONCE);
    const last = numbers.at(-1);
    if (last === undefined) return;
    after = last;
    for (const chunk of chunks(
      numbers.filter((number) => !seen.has(number)),
      KEYS_AT_ONCE,
    ))
      yield (await state.linksByNumbers(chunk)).map((link) => ({ link, hint: undefined }));
  }
}

/** Links of the keys that the stream called gone; an object that was never linked is nobody's business. */
async function* linkedKeys(
  execution: Execution,
  gone: ReadonlyMap<string, Missing['hint']>,
): AsyncGenerator<readonly Missing[]> {
  for (const keys of chunks([...gone.keys()], KEYS_AT_ONCE)) {
    const links = await execution.state.linksByKeys(execution.rule.objectType, keys);
    yield [...links.values()].map((link) => ({ link, hint: gone.get(link.sourceKey) }));
  }
}
