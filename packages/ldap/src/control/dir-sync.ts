import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

/** Flags of the DirSync request ([MS-ADTS] 3.1.1.3.4.1.3); combine with `|`. */
export const DIR_SYNC_FLAG = {
  objectSecurity: 0x0000_0001,
  ancestorsFirstOrder: 0x0000_0800,
  publicDataOnly: 0x0000_2000,
  incrementalValues: 0x8000_0000,
} as const;

export interface DirSyncRequest {
  /** Bits of `DIR_SYNC_FLAG`; the sign does not matter. */
  readonly flags: number;
  /** Size of a response in octets; 0 leaves it to the server. */
  readonly maxBytes: number;
  /** Empty = from the beginning. */
  readonly cookie: Buffer;
}

export interface DirSyncResponse {
  /** True while another round with the new cookie is needed to be up to date. */
  readonly moreResults: boolean;
  readonly cookie: Buffer;
}

/** DirSync request. The flags go out as a signed 32-bit INTEGER: `0x80000000` is `02 04 80 00 00 00`. */
export function makeDirSyncRequestControl(request: DirSyncRequest): Control {
  return {
    oid: CONTROL_OID.dirSync,
    critical: true,
    value: encodeSequence((writer) => {
      writer.integer(request.flags | 0);
      writer.integer(request.maxBytes);
      writer.octets(request.cookie);
    }),
  };
}

/** Reads a DirSync request; the flags come back as an unsigned number. */
export function parseDirSyncRequestControl(control: Control): DirSyncRequest {
  return decodeSequence(control, (reader) => ({
    flags: reader.readInteger() >>> 0,
    maxBytes: reader.readInteger(),
    cookie: reader.readOctets(),
  }));
}

export function makeDirSyncResponseControl(response: DirSyncResponse): Control {
  return {
    oid: CONTROL_OID.dirSync,
    critical: false,
    value: encodeSequence((writer) => {
      writer.integer(response.moreResults ? 1 : 0);
      writer.integer(0);
      writer.octets(response.cookie);
    }),
  };
}

export function parseDirSyncResponseControl(control: Control): DirSyncResponse {
  return decodeSequence(control, (reader) => {
    const moreResults = reader.readInteger() !== 0;
    reader.readInteger();
    return { moreResults, cookie: reader.readOctets() };
  });
}
