/** WebSocket subprotocol of the tunnel (RFC 6455 §1.9). The number changes only with a break. */
export const GATEWAY_PROTOCOL = 'sallyport.gateway.v1';

/** Path of the WebSocket endpoint below the server's public address. */
export const GATEWAY_PATH = '/gateway';

/** Longest control message (JSON text frame) either side accepts. Roomy enough for an add of a 5 MB photo in base64. */
export const MAX_CONTROL_BYTES: number = 16 * 1024 * 1024;

/** Longest binary frame, header included; a longer LDAP PDU is cut into several (`FRAME_FLAG.partial`). */
export const MAX_FRAME_BYTES: number = 1024 * 1024;

/** What an instance aims at for one binary frame: big enough to hide the cost per frame, small enough to share a line. */
export const FRAME_TARGET_BYTES: number = 64 * 1024;

/** Credit of a stream when it is opened, in bytes of frame payload, unless the message says otherwise. */
export const DEFAULT_CREDIT_BYTES: number = 1024 * 1024;
