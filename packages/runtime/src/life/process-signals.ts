import type { Life } from './life.ts';

/** What a process is asked by: SIGTERM by systemd and containers, SIGINT by Ctrl-C. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The part of `process` that is needed here. */
export interface SignalSource {
  on(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
  off(signal: (typeof SIGNALS)[number], listener: () => void): unknown;
}

/** Lets SIGTERM and SIGINT drain a life, and a second one stop it. Returns how to let go of the signals again. */
export function drainOnSignals(life: Life, source: SignalSource = process): () => void {
  const listeners = SIGNALS.map((signal) => ({ signal, listener: () => life.drain(`${signal} received`) }));
  for (const { signal, listener } of listeners) source.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) source.off(signal, listener);
  };
}
