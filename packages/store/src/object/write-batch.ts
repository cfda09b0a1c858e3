import { CodedError, type Uuid } from '@sallyport/model';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { BulkWriteResult } from '../store.ts';
import { takeSequences } from './take-sequences.ts';

interface ObjectWrite<Kind extends 'create' | 'update' | 'delete'> {
  readonly kind: Kind;
  readonly id: string;
}

/** One write with its place in the batch and the sequence that it will stamp. */
export interface Placed<Write> {
  readonly index: number;
  readonly sequence: number;
  readonly write: Write;
}

/** What the parts of a batch share; each part enters the results of its writes. */
export interface Batch {
  readonly connection: Connection;
  readonly numbers: Numbers;
  readonly environmentNo: number;
  readonly now: number;
  readonly results: Map<number, BulkWriteResult>;
}

/** How one type of object is written. No object comes twice in what one call is given. */
export interface BatchParts<Create, Update, Delete> {
  remove(batch: Batch, removals: readonly Placed<Delete>[]): void;
  update(batch: Batch, updates: readonly Placed<Update>[]): void;
  create(batch: Batch, creates: readonly Placed<Create>[]): void;
}

/**
 * Writes a batch inside the caller's transaction: one result for each write, in order, and a refused row never stops the
 * others. Names are released before they are taken: first removals, then updates, then creations. An object that comes
 * twice in a batch is written in the batch's order.
 */
export function writeBatch<
  Create extends ObjectWrite<'create'>,
  Update extends ObjectWrite<'update'>,
  Delete extends ObjectWrite<'delete'>,
>(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  writes: readonly (Create | Update | Delete)[],
  parts: BatchParts<Create, Update, Delete>,
): readonly BulkWriteResult[] {
  if (writes.length === 0) return [];
  const environmentNo = numbers.environment(connection, environmentId);
  const results = new Map<number, BulkWriteResult>();
  const batch: Batch = { connection, numbers, environmentNo, now: Date.now(), results };
  const first = takeSequences(connection, environmentNo, writes.length);
  let seen = new Set<string>();
  let from = 0;
  for (let index = 0; index < writes.length; index += 1) {
    const id = writes[index]?.id ?? '';
    if (seen.has(id)) {
      writeDistinct(batch, writes, from, index, first, parts);
      seen = new Set();
      from = index;
    }
    seen.add(id);
  }
  writeDistinct(batch, writes, from, writes.length, first, parts);
  return writes.map((_, index) => {
    const result = results.get(index);
    if (result === undefined) throw new CodedError('STORE_CORRUPT', 'A write of the batch has no result');
    return result;
  });
}

/** Writes `from` to `until`, in which no object comes twice. */
function writeDistinct<
  Create extends ObjectWrite<'create'>,
  Update extends ObjectWrite<'update'>,
  Delete extends ObjectWrite<'delete'>,
>(
  batch: Batch,
  writes: readonly (Create | Update | Delete)[],
  from: number,
  until: number,
  firstSequence: number,
  parts: BatchParts<Create, Update, Delete>,
): void {
  const creates: Placed<Create>[] = [];
  const updates: Placed<Update>[] = [];
  const deletes: Placed<Delete>[] = [];
  for (let index = from; index < until; index += 1) {
    const write = writes[index];
    const sequence = firstSequence + index;
    if (write?.kind === 'create') creates.push({ index, sequence, write });
    else if (write?.kind === 'update') updates.push({ index, sequence, write });
    else if (write?.kind === 'delete') deletes.push({ index, sequence, write });
  }
  if (deletes.length > 0) parts.remove(batch, deletes);
  if (updates.length > 0) parts.update(batch, updates);
  if (creates.length > 0) parts.create(batch, creates);
}
