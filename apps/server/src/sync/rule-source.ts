import type { Log } from '@sallyport/runtime';
import type { OpenedSource } from './rule-ports.ts';

interface Held {
  readonly opened: OpenedSource;
  readonly listening: AbortController;
  /** Listened to, and it has no push. */
  silent: boolean;
}

/** A watch that fails sooner than this is not begun again before: each beginning asks for a run. */
const SHORT_LIFE_MS = 10_000;

/** The opened source of one rule: kept from run to run, listened to between them, opened anew after a failure. */
export class RuleSource {
  readonly #log: Log;
  readonly #hear: () => void;
  #held: Held | undefined;
  #push = false;
  #listensNotBefore = Number.NEGATIVE_INFINITY;
  /** What has been let go of and may still be ending. */
  #ending: Promise<void> = Promise.resolve();

  /** `hear` is called once for each hint of the source that something changed. */
  constructor(log: Log, hear: () => void) {
    this.#log = log;
    this.#hear = hear;
  }

  /** Whether the source is being listened to. */
  get push(): boolean {
    return this.#push;
  }

  async open(make: () => Promise<OpenedSource>): Promise<OpenedSource> {
    this.#held ??= { opened: await make(), listening: new AbortController(), silent: false };
    return this.#held.opened;
  }

  /** Call after a run that succeeded: hints say only *look again*, so there has to have been a first look. */
  listen(): void {
    const held = this.#held;
    if (held === undefined || held.silent || this.#push || performance.now() < this.#listensNotBefore) return;
    this.#push = true;
    this.#after(this.#listenTo(held));
  }

  /** Closes it; the next run opens another. */
  drop(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    held.listening.abort();
    this.#after(
      held.opened.close().catch((error: unknown) => {
        this.#log.warn({ err: error }, 'a source did not close cleanly');
      }),
    );
  }

  /** Until everything that was dropped has ended. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  #after(ending: Promise<void>): void {
    this.#ending = Promise.all([this.#ending, ending]).then(() => undefined);
  }

  async #listenTo(held: Held): Promise<void> {
    const { signal } = held.listening;
    const nextAt = performance.now() + SHORT_LIFE_MS;
    try {
      for await (const _hint of held.opened.reader.hints(signal)) this.#hear();
      held.silent = true;
    } catch (error) {
      // Tried again after one of the next runs.
      if (!signal.aborted) this.#listensNotBefore = nextAt;
      if (!signal.aborted) this.#log.info({ err: error }, 'change notification ended, polling goes on');
    } finally {
      this.#push = false;
    }
  }
}
