import type { MetricsMessage } from '@sallyport/contract';
import type { Clock } from '@sallyport/runtime';

/** What was done since the previous report. */
export interface ActivityMeter {
  /** An operation begins; call what is returned once when it ends. */
  begin(isStream: boolean): () => void;
  streamed(bytes: number): void;
  readonly inFlight: number;
  /** The figures since the last call. */
  report(rssBytes: number): MetricsMessage;
}

export function makeActivityMeter(clock: Clock): ActivityMeter {
  let sinceMs = clock.monotonic();
  let inFlight = 0;
  let finished = 0;
  let answered = 0;
  let answerMs = 0;
  let bytes = 0;
  let busyMs = 0;
  let busySinceMs = 0;
  return {
    begin: (isStream) => {
      const startedMs = clock.monotonic();
      if (inFlight === 0) busySinceMs = startedMs;
      inFlight += 1;
      return () => {
        const nowMs = clock.monotonic();
        inFlight -= 1;
        finished += 1;
        if (inFlight === 0) busyMs += nowMs - busySinceMs;
        // How long a search takes is the reader's doing as much as the directory's.
        if (isStream) return;
        answered += 1;
        answerMs += nowMs - startedMs;
      };
    },
    streamed: (count) => {
      bytes += count;
    },
    get inFlight() {
      return inFlight;
    },
    report: (rssBytes) => {
      const nowMs = clock.monotonic();
      const elapsedMs = Math.max(nowMs - sinceMs, 1);
      const busy = busyMs + (inFlight > 0 ? nowMs - busySinceMs : 0);
      const message: MetricsMessage = {
        type: 'metrics',
        operationsPerSecond: round((finished * 1_000) / elapsedMs),
        busyPercentage: Math.min(round((busy * 100) / elapsedMs), 100),
        ...(answered === 0 ? {} : { responseTimeMs: round(answerMs / answered) }),
        streamedBytesPerSecond: round((bytes * 1_000) / elapsedMs),
        operationsInFlight: inFlight,
        rssBytes,
      };
      sinceMs = nowMs;
      finished = 0;
      answered = 0;
      answerMs = 0;
      bytes = 0;
      busyMs = 0;
      busySinceMs = nowMs;
      return message;
    },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
