import { type ReactElement, useSyncExternalStore } from 'react';
import { formatRelativeTime } from '../format/relative-time.ts';

const TICK_MS = 1000;
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A point in time as seen from now; the exact time on hover. */
export function Moment(props: { readonly at: string }): ReactElement {
  const now = useNow();
  const exact = full.format(new Date(props.at));
  return (
    <time dateTime={props.at} title={exact}>
      {formatRelativeTime(Date.parse(props.at), now)}
    </time>
  );
}

/** The exact local time. */
export function ExactTime(props: { readonly at: string }): ReactElement {
  return <time dateTime={props.at}>{full.format(new Date(props.at))}</time>;
}

/** Now, to the second. One timer for the whole page, and none while nobody looks. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, currentSecond);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function currentSecond(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
