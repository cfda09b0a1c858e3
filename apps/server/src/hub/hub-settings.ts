import { DEFAULT_CREDIT_BYTES, type Reporting } from '@sallyport/contract';

/** What the hub holds instances to. Every value has a default that suits production. */
export interface HubSettings {
  readonly reporting: Reporting;
  /** An instance that has not said hello by then is let go. */
  readonly helloTimeoutMs: number;
  /** Window of one search: more covers longer lines, and is what a slow consumer may cost. */
  readonly creditBytes: number;
  /** Longest single entry. */
  readonly maxPduBytes: number;
  readonly maxConnectionsPerGateway: number;
  /** How long an instance that has gone stays in the list. */
  readonly rememberGoneMs: number;
}

export const DEFAULT_HUB_SETTINGS: HubSettings = {
  reporting: { healthIntervalMs: 15_000, metricsIntervalMs: 10_000, heartbeatIntervalMs: 10_000 },
  helloTimeoutMs: 10_000,
  creditBytes: DEFAULT_CREDIT_BYTES,
  maxPduBytes: 64 * 1024 * 1024,
  maxConnectionsPerGateway: 64,
  rememberGoneMs: 3_600_000,
};
