import { TAG } from '../ber/ber-tag.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

const STATES = ['present', 'add', 'modify', 'delete'] as const;

export interface SyncState {
  readonly state: (typeof STATES)[number];
  /** 16 octets in network order. */
  readonly entryUuid: Buffer;
  readonly cookie?: Buffer;
}

export interface SyncDone {
  readonly cookie?: Buffer;
  /** True: only what was named deleted is gone. False: whatever was neither sent nor named present is gone. */
  readonly refreshDeletes: boolean;
}

/** Sync state (RFC 4533 §2.3), on every entry and reference of a sync search. */
export function makeSyncStateControl(value: SyncState): Control {
  return {
    oid: CONTROL_OID.syncState,
    critical: false,
    value: encodeSequence((writer) => {
      writer.enumerated(STATES.indexOf(value.state));
      writer.octets(value.entryUuid);
      if (value.cookie !== undefined) writer.octets(value.cookie);
    }),
  };
}

export function parseSyncStateControl(control: Control): SyncState {
  return decodeSequence(control, (reader) => {
    const number = reader.readEnumerated();
    const state = STATES[number];
    if (state === undefined) throw reader.invalid(`a sync state of 0 to 3 expected, found ${number}`);
    const entryUuid = reader.readOctets();
    const cookie = reader.hasMore ? reader.readOctets() : undefined;
    return { state, entryUuid, ...(cookie === undefined ? {} : { cookie }) };
  });
}

/** Sync done (RFC 4533 §2.4), on the search result done. */
export function makeSyncDoneControl(value: SyncDone): Control {
  return {
    oid: CONTROL_OID.syncDone,
    critical: false,
    value: encodeSequence((writer) => {
      if (value.cookie !== undefined) writer.octets(value.cookie);
      if (value.refreshDeletes) writer.boolean(true);
    }),
  };
}

export function parseSyncDoneControl(control: Control): SyncDone {
  return decodeSequence(control, (reader) => {
    const cookie = reader.peekTag() === TAG.octetString ? reader.readOctets() : undefined;
    const refreshDeletes = reader.peekTag() === TAG.boolean && reader.readBoolean();
    return { refreshDeletes, ...(cookie === undefined ? {} : { cookie }) };
  });
}
