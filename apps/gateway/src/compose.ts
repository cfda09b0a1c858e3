import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { CAPABILITIES, CONTRACT_REVISION } from '@sallyport/contract';
import { type Clock, type Life, type Log, systemClock } from '@sallyport/runtime';
import { DirectoryHolder } from './directory/directory-holder.ts';
import type { ExitCode } from './exit-code.ts';
import { keepConnected } from './keep-connected.ts';
import { summarizeLimits } from './limits/limits.ts';
import { makeRateLimiter } from './limits/rate-limiter.ts';
import { makeActivityMeter } from './report/activity-meter.ts';
import { FramePool } from './session/frame-pool.ts';
import type { GatewaySession } from './session/gateway-session.ts';
import type { SessionContext } from './session/session-context.ts';
import type { GatewaySettings } from './settings/gateway-settings.ts';
import { openWebSocket } from './tunnel/open-web-socket.ts';

export interface GatewayDependencies {
  readonly settings: GatewaySettings;
  readonly version: string;
  readonly life: Life;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Puts a gateway together and runs it until its life drains. */
export async function runGateway(dependencies: GatewayDependencies): Promise<ExitCode> {
  const { settings, version, life, log, clock = systemClock, random = Math.random } = dependencies;
  const { limits } = settings;
  const sessions = new Set<GatewaySession>();
  const directory = new DirectoryHolder(settings.extraCa, (event) => {
    log.debug({ event }, 'directory connection');
    if (event.kind === 'connected') return;
    for (const session of sessions) session.lookAtHealth();
  });
  life.onEnd('directory', () => directory.close());
  const instanceId = randomUUID();
  const context: SessionContext = {
    hello: {
      type: 'hello',
      instanceId,
      version,
      revision: CONTRACT_REVISION,
      capabilities: [...CAPABILITIES],
      hostname: hostname(),
      startedAt: new Date(clock.now()).toISOString(),
      ...(limits === undefined ? {} : { limits: summarizeLimits(limits) }),
    },
    directory,
    limits,
    takeTurn:
      limits?.maxOperationsPerSecond === undefined
        ? undefined
        : makeRateLimiter(limits.maxOperationsPerSecond, clock),
    framePool: new FramePool(),
    meter: makeActivityMeter(clock),
    clock,
    log,
  };
  log.info(
    {
      instanceId,
      version,
      server: settings.url.href,
      proxy: settings.proxy?.host,
      limits: context.hello.limits,
    },
    'gateway starts',
  );
  const { url, credential, proxy, extraCa } = settings;
  return keepConnected({
    open: (signal) =>
      openWebSocket({ url, credential, proxy, extraCa, userAgent: `sallyport-gateway/${version}` }, signal),
    context,
    life,
    clock,
    log,
    random,
    onSession: (session) => {
      sessions.add(session);
      void session.ended.then(() => sessions.delete(session));
    },
  });
}
