import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { makeHeartbeat } from './heartbeat.ts';
import { LifeEnding, makeLife } from './life.ts';
import { drainOnSignals } from './process-signals.ts';

it('drains on the first signal and stops on the second', () => {
  const source = new EventEmitter();
  const life = makeLife(60_000);
  const letGo = drainOnSignals(life, source);
  source.emit('SIGTERM');
  expect([life.draining.aborted, life.stopping.aborted]).toEqual([true, false]);
  expect(life.draining.reason).toBeInstanceOf(LifeEnding);
  source.emit('SIGINT');
  expect(life.stopping.aborted).toBe(true);
  letGo();
  expect(source.listenerCount('SIGTERM')).toBe(0);
});

it('stops by itself when draining takes longer than its grace', async () => {
  const life = makeLife(10);
  life.drain('asked to');
  await once(life.stopping, 'abort');
  expect(String(life.stopping.reason)).toContain('not drained within 10 ms');
});

it('ends what was begun last first, and goes on after a failure', async () => {
  const life = makeLife(1_000);
  const order: string[] = [];
  life.onEnd('store', () => void order.push('store'));
  life.onEnd('hub', () => Promise.reject(new Error('stuck')));
  life.onEnd('listener', () => void order.push('listener'));
  const failures = await life.end();
  expect(order).toEqual(['listener', 'store']);
  expect(failures.map((failure) => failure.name)).toEqual(['hub']);
  expect(life.stopping.aborted).toBe(true);
  expect(await life.end()).toEqual([]);
});

it('takes the other side for gone after three silent beats, and says so once', async () => {
  let pings = 0;
  const answered = 2;
  const silentMs = await new Promise<number>((resolve) => {
    const heartbeat = makeHeartbeat({
      intervalMs: 5,
      ping: () => {
        pings += 1;
        if (pings <= answered) heartbeat.heard();
      },
      onSilence: resolve,
    });
    // The timer does not keep the process alive; this one does while the test waits.
    const keep = setInterval(() => undefined, 5);
    setTimeout(() => clearInterval(keep), 5_000).unref();
  });
  expect(silentMs).toBe(15);
  expect(pings).toBe(answered + 3);
});
