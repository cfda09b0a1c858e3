import type { HealthMessage, Reporting, UpMessage } from '@sallyport/contract';
import { checkHealth } from '../directory/directory-health.ts';
import type { SessionContext } from './session-context.ts';

/** Sends health and metrics of one session as the server has asked for them. */
export class SessionReports {
  readonly #context: SessionContext;
  readonly #send: (message: UpMessage) => void;
  #timers: NodeJS.Timeout[] = [];
  #sequence = 0;
  #checking = false;
  #checkAgain = false;
  #stopped = false;
  #lastState = '';

  constructor(context: SessionContext, send: (message: UpMessage) => void) {
    this.#context = context;
    this.#send = send;
  }

  /** (Re)starts with a configuration's intervals; the first reports go out at once. */
  start(reporting: Reporting, configurationSequence: number): void {
    this.#sequence = configurationSequence;
    this.#clear();
    this.#timers = [
      setInterval(() => this.checkSoon(), reporting.healthIntervalMs),
      setInterval(() => this.#reportMetrics(), reporting.metricsIntervalMs),
    ];
    for (const timer of this.#timers) timer.unref();
    this.checkSoon();
    this.#reportMetrics();
  }

  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  /** Checks health now, or once more when the check under way is done. */
  checkSoon(): void {
    if (this.#stopped || this.#sequence === 0) return;
    if (this.#checking) {
      this.#checkAgain = true;
      return;
    }
    this.#checking = true;
    this.#check()
      .catch((error: unknown) => this.#context.log.error({ err: error }, 'health could not be checked'))
      .finally(() => {
        this.#checking = false;
        if (!this.#checkAgain) return;
        this.#checkAgain = false;
        this.checkSoon();
      });
  }

  async #check(): Promise<void> {
    const { directory, clock } = this.#context;
    const health = await checkHealth(directory, clock, this.#sequence);
    if (this.#stopped) return;
    this.#tell(health);
    this.#send(health);
  }

  /** The log says what has changed, not what is still so. */
  #tell(health: HealthMessage): void {
    const state = `${health.reachable} ${health.bound} ${health.server} ${health.error?.code}`;
    if (state === this.#lastState) return;
    this.#lastState = state;
    const { log } = this.#context;
    const { server, error } = health;
    if (error === undefined) log.info({ server }, 'directory answers');
    else log.warn({ server, code: error.code }, `directory unhealthy: ${error.message}`);
  }

  #reportMetrics(): void {
    this.#send(this.#context.meter.report(process.memoryUsage.rss()));
  }

  #clear(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}
