/**
 * Close codes of the tunnel (4000 to 4999 are private use, RFC 6455 §7.4.2). The number is for programs; the reason
 * that travels beside it is a sentence for people.
 */
export const CLOSE_CODE = {
  /** The usual goodbye. */
  normal: 1000,
  /** This side is going away; the other may come back at once, to another node. */
  goingAway: 1001,
  /** A frame or message that the contract does not allow. */
  protocolError: 4400,
  /** The credential is unknown or was revoked. Retrying with it is pointless. */
  credentialRefused: 4401,
  /** The gateway was disabled or deleted. */
  gatewayDisabled: 4403,
  /** Nothing was heard for the heartbeat's time. */
  silence: 4408,
  /** The same instance has opened a newer connection. */
  replaced: 4409,
  /** The instance sent more than it was granted, or a frame beyond the limit. */
  limitExceeded: 4413,
} as const;

export type CloseCode = (typeof CLOSE_CODE)[keyof typeof CLOSE_CODE];

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(CLOSE_CODE).map(([name, code]) => [code, name]),
);

/** Name of a close code, or its number as text. */
export function closeCodeName(code: number): string {
  return NAMES.get(code) ?? String(code);
}
