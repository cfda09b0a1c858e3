import type { ApiClient } from '@sallyport/contract';
import type { Paint } from '../terminal/paint.ts';
import type { Column } from '../terminal/table.ts';
import type { World } from '../world.ts';

export interface Connection {
  readonly api: ApiClient;
  readonly environmentId: string;
  readonly serverUrl: string;
}

/** What a command works with. */
export interface Context {
  readonly world: World;
  readonly json: boolean;
  readonly profile: string;
  /** From `--environment`. */
  readonly environmentId: string | undefined;
  /** For standard output. */
  readonly paint: Paint;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The signed-in client; throws CliError NOT_SIGNED_IN. */
  connect(): Promise<Connection>;
  /** Lines for people on standard output. */
  print(...lines: readonly string[]): void;
  /** One JSON value for programs on standard output; `_links` are left out. */
  printJson(value: unknown): void;
  /** JSON or a table, as asked for. `none` is said where there are no rows. */
  printTable<T>(rows: readonly T[], columns: readonly Column<T>[], none: string): void;
  /** Names and values below each other. */
  facts(facts: readonly (readonly [name: string, value: string | undefined])[]): readonly string[];
  table<T>(columns: readonly Column<T>[], rows: readonly T[]): readonly string[];
  /** A word aside, on standard error: never part of what was asked for. */
  note(...lines: readonly string[]): void;
  /** Goes on after a yes or with `--yes`; throws CliError NOT_CONFIRMED otherwise. */
  confirm(question: string): Promise<void>;
}
