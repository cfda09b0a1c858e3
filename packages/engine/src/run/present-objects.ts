import type { SeenLinks } from '../guard/seen-links.ts';
import type { Memberships } from '../membership/memberships.ts';
import type { SourceObject } from '../port/source.ts';
import type { PreparedBatch } from './batch-planner.ts';
import { chunks, KEYS_AT_ONCE } from './chunks.ts';
import type { Execution } from './execution.ts';
import type { CarriedOut } from './plan-sink.ts';
import type { PlannedObject } from './planned-object.ts';

const MAX_DEFERRED = 10_000;
const MAX_PASSES = 5;

/**
 * Objects in scope on their way through planner and sink. Those that conflict wait for the end of the run: a value that
 * another object gives up, or that a removal frees, is free by then, so a value moved from one person to another in one
 * run does not fail. The waiting list is bounded; what does not fit is decided at once.
 */
export class PresentObjects {
  readonly #execution: Execution;
  readonly #deferred = new Set<string>();
  #read = 0;
  #seen: SeenLinks | undefined;

  readonly #memberships: Memberships | undefined;

  constructor(execution: Execution, memberships: Memberships | undefined) {
    this.#execution = execution;
    this.#memberships = memberships;
  }

  /** Objects of this type read so far: what a read with nothing in it is recognised by. */
  get read(): number {
    return this.#read;
  }

  markIn(seen: SeenLinks | undefined): void {
    this.#seen = seen;
    this.#execution.planner.markIn(seen);
  }

  /** First half, while the objects are alive. */
  async prepare(objects: readonly SourceObject[]): Promise<PreparedBatch> {
    const prepared = await this.#execution.planner.prepare(objects);
    this.#read += objects.length;
    this.#execution.ledger.sawObjects(objects.length);
    return prepared;
  }

  /** Call before anything of the batch is written, of whatever type: the next one is prepared meanwhile. */
  writing(batch: PreparedBatch): void {
    this.#execution.planner.writing(batch);
  }

  /** Second half, after the batch before has been written. */
  async carryOut(batch: PreparedBatch): Promise<void> {
    const { planner, ledger } = this.#execution;
    ledger.add('unchanged', batch.unchanged);
    if (batch.objects.length === 0) return;
    const waiting =
      this.#deferred.size === 0
        ? batch
        : { ...batch, objects: batch.objects.filter(({ key }) => !this.#deferred.has(key)) };
    const deferred = await this.#through(
      await planner.plan(waiting, false),
      (count) => this.#deferred.size + count <= MAX_DEFERRED,
    );
    for (const key of deferred) this.#deferred.add(key);
  }

  /** Through the sink, and what they mean to memberships after that. */
  async #through(
    objects: readonly PlannedObject[],
    mayDefer: (count: number) => boolean,
  ): Promise<readonly string[]> {
    const done: CarriedOut[] = [];
    const seen = this.#seen;
    const memberships = this.#memberships;
    const deferred = await this.#execution.sink.carryOut(objects, mayDefer, (one) => {
      if (one.linkNumber !== undefined) seen?.add(one.linkNumber);
      if (memberships !== undefined) done.push(one);
    });
    await memberships?.objectsDone(this.#execution.rule.objectType, done);
    return deferred;
  }

  /** Objects asked for by key and found in scope. Answers the keys that conflict, unless that is to be final. */
  async #again(batch: PreparedBatch, final: boolean): Promise<readonly string[]> {
    const { planner, ledger } = this.#execution;
    ledger.add('unchanged', batch.unchanged);
    return this.#through(await planner.plan(batch, true), () => !final);
  }

  /** An object that turned up while removals were confirmed: it was not read before, so it may wait as well. */
  async turnedUp(objects: readonly SourceObject[]): Promise<void> {
    const batch = await this.#execution.planner.prepare(objects);
    const final = this.#deferred.size + objects.length > MAX_DEFERRED;
    for (const key of await this.#again(batch, final)) this.#deferred.add(key);
  }

  /** Objects that left the scope, after they were carried out. */
  left(objects: readonly PlannedObject[]): void {
    for (const { vacates } of objects) if (vacates !== undefined) this.#memberships?.vacated(vacates);
  }

  /** Forgets what waits: a full read will meet it again. */
  startOver(): void {
    this.#deferred.clear();
    this.#read = 0;
  }

  /** Tries again what conflicted, as long as that gets anywhere; what still conflicts then is recorded as such. */
  async settleDeferred(): Promise<void> {
    let keys: readonly string[] = [...this.#deferred];
    this.#deferred.clear();
    for (let pass = 1; keys.length > 0; pass += 1) {
      const left = await this.#pass(keys, pass > MAX_PASSES);
      if (left.length < keys.length && pass <= MAX_PASSES) {
        keys = left;
        continue;
      }
      keys = left.length > 0 ? await this.#pass(left, true) : left;
    }
  }

  /**
   * One batch for all that wait, however they were asked for: people who exchange names can only do so together, and the
   * target carries that out within one batch alone.
   */
  async #pass(keys: readonly string[], final: boolean): Promise<readonly string[]> {
    const { source, rule, need, signal, planner } = this.#execution;
    const batches: PreparedBatch[] = [];
    for (const chunk of chunks(keys, KEYS_AT_ONCE)) {
      signal.throwIfAborted();
      const answers = await source.readByKeys(rule.objectType, chunk, need, signal);
      // One that left in the meantime is news of the next run, whose position lies before it.
      const objects = answers.flatMap((answer) => (answer.found === 'inScope' ? [answer.object] : []));
      if (objects.length > 0) batches.push(await planner.prepare(objects));
    }
    const [first] = batches;
    if (first === undefined) return [];
    return this.#again(
      {
        objects: batches.flatMap((batch) => batch.objects),
        unchanged: batches.reduce((sum, batch) => sum + batch.unchanged, 0),
        stale: first.stale,
      },
      final,
    );
  }
}
