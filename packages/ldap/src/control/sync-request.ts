import { TAG } from '../ber/ber-tag.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

export interface SyncRequest {
  readonly mode: 'refreshOnly' | 'refreshAndPersist';
  /** Absent = everything. */
  readonly cookie?: Buffer;
  /** True: rather a full reload than an initial content when the cookie is too old. */
  readonly reloadHint?: boolean;
}

/** Sync request (RFC 4533 §2.2). */
export function makeSyncRequestControl(request: SyncRequest): Control {
  return {
    oid: CONTROL_OID.syncRequest,
    critical: true,
    value: encodeSequence((writer) => {
      writer.enumerated(request.mode === 'refreshOnly' ? 1 : 3);
      if (request.cookie !== undefined) writer.octets(request.cookie);
      if (request.reloadHint === true) writer.boolean(true);
    }),
  };
}

export function parseSyncRequestControl(control: Control): SyncRequest {
  return decodeSequence(control, (reader) => {
    const mode = reader.readEnumerated();
    if (mode !== 1 && mode !== 3) throw reader.invalid(`a sync mode of 1 or 3 expected, found ${mode}`);
    const cookie = reader.peekTag() === TAG.octetString ? reader.readOctets() : undefined;
    const reloadHint = reader.peekTag() === TAG.boolean && reader.readBoolean();
    return {
      mode: mode === 1 ? 'refreshOnly' : 'refreshAndPersist',
      ...(cookie === undefined ? {} : { cookie }),
      reloadHint,
    };
  });
}
