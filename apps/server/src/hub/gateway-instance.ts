import type { HealthMessage, HelloMessage, LimitsSummary, MetricsMessage } from '@sallyport/contract';

/** Who a credential turned out to belong to. */
export interface GatewayIdentity {
  readonly environmentId: string;
  readonly gatewayId: string;
  readonly credentialId: string;
}

/** What is known of one running (or recently running) agent process. Times are ISO 8601. */
export interface GatewayInstance extends GatewayIdentity {
  readonly instanceId: string;
  readonly connected: boolean;
  /** Says goodbye: finishes its work and takes nothing new. */
  readonly draining: boolean;
  readonly hostname: string;
  readonly version: string;
  readonly capabilities: readonly string[];
  /** What the customer's limits file allows; absent without one. */
  readonly limits?: LimitsSummary;
  readonly healthStatus: 'HEALTHY' | 'UNHEALTHY';
  readonly currentErrors: readonly { readonly code: string; readonly message: string }[];
  /** Start of the agent process. */
  readonly initializedAt: string;
  readonly connectedAt: string;
  readonly lastReportedAt: string;
  /** The directory server that answers it now, `host:port`. */
  readonly server?: string;
  readonly remoteAddress?: string;
  readonly busyPercentage?: number;
  readonly operationsPerSecond?: number;
  readonly responseTimeMillis?: number;
  readonly rssBytes?: number;
}

/** The record of an instance that has just said hello. It is unhealthy until it reports a directory that answers. */
export function makeInstance(
  identity: GatewayIdentity,
  hello: HelloMessage,
  connection: { readonly nowMs: number; readonly remoteAddress: string | undefined },
): GatewayInstance {
  const now = new Date(connection.nowMs).toISOString();
  return {
    ...identity,
    instanceId: hello.instanceId,
    connected: true,
    draining: false,
    hostname: shownText(hello.hostname),
    version: shownText(hello.version),
    capabilities: hello.capabilities,
    ...(hello.limits === undefined ? {} : { limits: hello.limits }),
    healthStatus: 'UNHEALTHY',
    currentErrors: [],
    initializedAt: hello.startedAt,
    connectedAt: now,
    lastReportedAt: now,
    ...(connection.remoteAddress === undefined ? {} : { remoteAddress: connection.remoteAddress }),
  };
}

export function withHealth(instance: GatewayInstance, health: HealthMessage, nowMs: number): GatewayInstance {
  const { server: _previous, ...rest } = instance;
  return {
    ...rest,
    healthStatus: health.reachable && health.bound ? 'HEALTHY' : 'UNHEALTHY',
    currentErrors:
      health.error === undefined
        ? []
        : [{ code: shownText(health.error.code), message: shownText(health.error.message) }],
    ...(health.server === undefined ? {} : { server: health.server }),
    lastReportedAt: new Date(nowMs).toISOString(),
  };
}

export function withMetrics(
  instance: GatewayInstance,
  metrics: MetricsMessage,
  nowMs: number,
): GatewayInstance {
  const { responseTimeMs } = metrics;
  return {
    ...instance,
    busyPercentage: metrics.busyPercentage,
    operationsPerSecond: metrics.operationsPerSecond,
    rssBytes: metrics.rssBytes,
    ...(responseTimeMs === undefined ? {} : { responseTimeMillis: responseTimeMs }),
    lastReportedAt: new Date(nowMs).toISOString(),
  };
}

/** What an instance says of itself ends in tables and terminals of administrators: no control characters. */
function shownText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
