/** Beats that may pass in silence before the other side is taken for gone. */
const SILENT_BEATS = 3;

export interface HeartbeatSettings {
  readonly intervalMs: number;
  /** Makes the other side answer, e.g. a ping. */
  readonly ping: () => void;
  /** Called once, after three intervals without `heard`; the heartbeat has stopped then. */
  readonly onSilence: (silentMs: number) => void;
}

export interface Heartbeat {
  /** Anything at all came from the other side. Costs a store, so it may be called for every chunk. */
  heard(): void;
  stop(): void;
}

/**
 * Notices a connection whose other end has vanished without a word: a half-open TCP connection reports nothing for
 * hours. Silence is counted in beats that found it, not by the wall clock: a laptop that slept, or a process that was
 * stopped, asks once more before it gives up.
 */
export function makeHeartbeat(settings: HeartbeatSettings): Heartbeat {
  const { intervalMs, ping, onSilence } = settings;
  let heardSinceBeat = true;
  let silentBeats = 0;
  const timer = setInterval(() => {
    silentBeats = heardSinceBeat ? 0 : silentBeats + 1;
    heardSinceBeat = false;
    if (silentBeats < SILENT_BEATS) {
      ping();
      return;
    }
    clearInterval(timer);
    onSilence(silentBeats * intervalMs);
  }, intervalMs);
  timer.unref();
  return {
    heard: () => {
      heardSinceBeat = true;
    },
    stop: () => clearInterval(timer),
  };
}
