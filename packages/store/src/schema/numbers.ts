import { CodedError, type Uuid } from '@sallyport/model';
import type { Connection } from '../sqlite/connection.ts';
import { readId, readNumber } from './decode.ts';

/**
 * The numbers that stand for environments and populations in the large tables. They never change and are never used
 * again, so that they may be remembered: one that outlives what it stood for finds nothing.
 */
export class Numbers {
  readonly #environments = new Map<Uuid, number>();
  readonly #populations = new Map<number, Uuid>();

  readEnvironment(connection: Connection, id: Uuid): number | undefined {
    const known = this.#environments.get(id);
    if (known !== undefined) return known;
    const row = connection.row('SELECT number FROM environments WHERE id = ?', [id]);
    if (row === undefined) return undefined;
    const number = readNumber(row[0]);
    this.#environments.set(id, number);
    return number;
  }

  /** @throws CodedError NOT_FOUND */
  environment(connection: Connection, id: Uuid): number {
    const number = this.readEnvironment(connection, id);
    if (number === undefined) throw new CodedError('NOT_FOUND', `There is no environment ${id}`);
    return number;
  }

  populationId(connection: Connection, number: number): Uuid {
    const known = this.#populations.get(number);
    if (known !== undefined) return known;
    const row = connection.row('SELECT id FROM populations WHERE number = ?', [number]);
    const id = readId(row?.[0]);
    this.#populations.set(number, id);
    return id;
  }

  /** Undefined if the environment has no such population. Never remembered: it may have been removed. */
  readPopulation(connection: Connection, environmentNo: number, id: string): number | undefined {
    const row = connection.row('SELECT number FROM populations WHERE environment_no = ? AND id = ?', [
      environmentNo,
      id,
    ]);
    return row === undefined ? undefined : readNumber(row[0]);
  }

  readDefaultPopulation(connection: Connection, environmentNo: number): number | undefined {
    const row = connection.row('SELECT number FROM populations WHERE environment_no = ? AND is_default = 1', [
      environmentNo,
    ]);
    return row === undefined ? undefined : readNumber(row[0]);
  }

  forgetEnvironment(id: Uuid): void {
    this.#environments.delete(id);
  }
}
