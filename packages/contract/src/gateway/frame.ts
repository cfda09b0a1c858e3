import { MAX_FRAME_BYTES } from './protocol.ts';

/**
 * A binary frame: LDAP PDUs of one stream, undecoded.
 *
 * ```
 * octet  0        version of the frame layout, 1
 *        1        flags
 *        2..3     zero
 *        4..7     stream id, unsigned, big endian: the `id` of the search, watch or extended stream it answers
 *        8..      payload
 * ```
 */
export const FRAME_HEADER_BYTES = 8;

const FRAME_VERSION = 1;

export const FRAME_FLAG = {
  /** The payload ends inside a PDU; the next frame of the stream goes on with it. */
  partial: 0x01,
} as const;

const KNOWN_FLAGS = FRAME_FLAG.partial;

/** Largest stream and operation id. */
export const MAX_STREAM_ID = 0xffff_ffff;

export interface StreamFrame {
  readonly streamId: number;
  readonly partial: boolean;
  /** A view into the frame. */
  readonly payload: Buffer;
}

/** Writes a frame's header at the start of `target`, so that payload already in place is never copied. */
export function writeFrameHeader(target: Buffer, streamId: number, partial: boolean): void {
  if (!Number.isInteger(streamId) || streamId < 1 || streamId > MAX_STREAM_ID) {
    throw new RangeError(`a stream id from 1 to ${MAX_STREAM_ID} expected, found ${streamId}`);
  }
  target[0] = FRAME_VERSION;
  target[1] = partial ? FRAME_FLAG.partial : 0;
  target.writeUInt16BE(0, 2);
  target.writeUInt32BE(streamId, 4);
}

/** A whole frame in one buffer (copies the payload once). */
export function encodeFrame(frame: StreamFrame): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER_BYTES + frame.payload.length);
  writeFrameHeader(bytes, frame.streamId, frame.partial);
  bytes.set(frame.payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** Reads a frame; the payload is a view. Throws a `RangeError` that says what was wrong with it. */
export function decodeFrame(bytes: Buffer): StreamFrame {
  if (bytes.length <= FRAME_HEADER_BYTES) {
    throw new RangeError(
      `a frame of more than ${FRAME_HEADER_BYTES} octets expected, found ${bytes.length} octets`,
    );
  }
  if (bytes.length > MAX_FRAME_BYTES) {
    throw new RangeError(`a frame of ${bytes.length} octets, at most ${MAX_FRAME_BYTES} are accepted`);
  }
  if (bytes[0] !== FRAME_VERSION) {
    throw new RangeError(`frame layout ${FRAME_VERSION} expected, found ${bytes[0]}`);
  }
  const flags = bytes[1] ?? 0;
  if ((flags & ~KNOWN_FLAGS) !== 0 || bytes.readUInt16BE(2) !== 0) {
    throw new RangeError(`unknown frame flags 0x${flags.toString(16)}`);
  }
  const streamId = bytes.readUInt32BE(4);
  if (streamId === 0) throw new RangeError('a frame without a stream id');
  return {
    streamId,
    partial: (flags & FRAME_FLAG.partial) !== 0,
    payload: bytes.subarray(FRAME_HEADER_BYTES),
  };
}
