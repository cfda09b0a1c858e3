import { LdapError, type LdapErrorDetails } from '@sallyport/ldap';

/**
 * Failures of the tunnel itself. They are `LdapError`s like any other failure of a link, so that a connector cannot tell
 * a tunnel from a direct connection.
 */
const HUB_FAILURES = {
  /** No instance of the gateway is connected here. */
  GATEWAY_NOT_CONNECTED: { class: 'retry', retryable: true },
  /** The instance went away before it answered. */
  GATEWAY_LINK_LOST: { class: 'retry', retryable: true },
  /** Every connected instance is too old for what was asked. */
  GATEWAY_UNSUPPORTED_OPERATION: { class: 'configuration', retryable: false },
  /** The instance broke the contract. */
  GATEWAY_PROTOCOL: { class: 'bug', retryable: true },
} as const satisfies Record<string, Pick<LdapErrorDetails, 'class' | 'retryable'>>;

export type HubFailureCode = keyof typeof HUB_FAILURES;

export function makeHubError(
  code: HubFailureCode,
  message: string,
  details: { readonly outcomeUnknown?: boolean; readonly cause?: unknown } = {},
): LdapError {
  return new LdapError(message, { code, ...HUB_FAILURES[code], ...details });
}

/** True if the instance went away, so that another one may be asked. */
export function isLinkLoss(error: unknown): boolean {
  return (
    error instanceof LdapError && (error.code === 'GATEWAY_LINK_LOST' || error.code === 'GATEWAY_PROTOCOL')
  );
}
