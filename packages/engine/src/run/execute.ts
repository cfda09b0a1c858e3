import { distrustOf } from '../guard/read-trust.ts';
import { SeenLinks } from '../guard/seen-links.ts';
import { type Position, PositionLost, type ReadEnd, type SourceObject } from '../port/source.ts';
import type { RunChoice } from './choose-run.ts';
import { chunks, type Execution, type ExecutionEnd, KEYS_AT_ONCE } from './execution.ts';
import { pipeline } from './pipeline.ts';
import { PresentObjects } from './present-objects.ts';
import { deleteDue, handleRemovals, type Missing } from './removals.ts';

const NUMBERS_AT_ONCE = 20_000;

/** The run itself, from the first object to the last removal; what is committed with its end is the caller's. */
export async function execute(
  execution: Execution,
  choice: RunChoice,
  position: Position | undefined,
): Promise<ExecutionEnd> {
  const present = new PresentObjects(execution);
  if (choice.type === 'delta' && position !== undefined) {
    try {
      return await executeDelta(execution, present, position, choice);
    } catch (error) {
      if (!(error instanceof PositionLost)) throw error;
      execution.log.warn({ reason: error.message }, 'position lost, reading everything');
      present.startOver();
      return await executeFull(execution, present, { ...choice, type: 'full', reason: error.message });
    }
  }
  return executeFull(execution, present, choice);
}

async function executeFull(
  execution: Execution,
  present: PresentObjects,
  choice: RunChoice,
): Promise<ExecutionEnd> {
  const { state, rule, source, need, signal, ledger } = execution;
  const { objectType } = rule;
  const [last, linked] = await Promise.all([state.lastFullRead(objectType), state.countLinked(objectType)]);
  const seen = new SeenLinks();
  present.markIn(seen);
  ledger.become(ledger.type === 'preview' ? 'preview' : 'full', choice.reason, last?.objects);
  ledger.enter('reading');
  const read = await pipeline(
    source.readAll(need, signal),
    (objects) => present.prepare(objects),
    (batch) => present.carryOut(batch),
    signal,
  );
  const distrust = distrustOf({
    objects: ledger.read,
    basesRead: read.basesRead,
    linked,
    anyInScope: ledger.read === 0 && (await anyInScope(execution)),
    last,
    scopeChanged: choice.scopeChanged,
  });
  const done =
    distrust === undefined
      ? await handleRemovals(execution, present, unseen(execution, seen), linked, 'full')
      : ({ guard: undefined, held: { kind: 'keep' } } as const);
  return finish(execution, present, 'full', read, distrust, done);
}

async function executeDelta(
  execution: Execution,
  present: PresentObjects,
  position: Position,
  choice: RunChoice,
): Promise<ExecutionEnd> {
  const { state, rule, source, need, signal, ledger } = execution;
  const { objectType } = rule;
  present.markIn(undefined);
  ledger.become('delta', choice.reason, undefined);
  ledger.enter('reading');
  const gone = new Map<string, Missing['hint']>();
  const read = await pipeline(
    source.changesSince(position, need, signal),
    (changes) => {
      const objects: SourceObject[] = [];
      for (const change of changes) {
        if (change.kind === 'gone') gone.set(change.key, { how: change.how, detail: change.detail });
        else {
          gone.delete(change.object.key);
          objects.push(change.object);
        }
      }
      return present.prepare(objects);
    },
    (batch) => present.carryOut(batch),
    signal,
  );
  const last = await state.lastFullRead(objectType);
  // A strategy that reads a log instead of bases names none, which says nothing about them.
  const distrust =
    read.basesRead.length === 0
      ? undefined
      : distrustOf({
          objects: 1,
          basesRead: read.basesRead,
          linked: 0,
          anyInScope: false,
          last,
          scopeChanged: false,
        });
  const done =
    distrust === undefined && gone.size > 0
      ? await handleRemovals(
          execution,
          present,
          linkedKeys(execution, gone),
          await state.countLinked(objectType),
          'delta',
        )
      : ({ guard: undefined, held: { kind: 'keep' } } as const);
  return finish(execution, present, 'delta', read, distrust, done);
}

async function finish(
  execution: Execution,
  present: PresentObjects,
  type: ExecutionEnd['type'],
  read: ReadEnd,
  distrust: ExecutionEnd['distrust'],
  done: Pick<ExecutionEnd, 'guard' | 'held'>,
): Promise<ExecutionEnd> {
  if (distrust === undefined) await deleteDue(execution, present);
  await present.settleDeferred();
  execution.ledger.enter('finishing');
  return { type, read, distrust, ...done };
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
