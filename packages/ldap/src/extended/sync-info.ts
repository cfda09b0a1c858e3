import { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag, contextTag, TAG, tagName } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';

const NEW_COOKIE = contextTag(0);
const REFRESH_DELETE = contextConstructedTag(1);
const REFRESH_PRESENT = contextConstructedTag(2);
const ID_SET = contextConstructedTag(3);

/** Sync info message (RFC 4533 §2.5), the value of an intermediate response. */
export type SyncInfo =
  | { readonly kind: 'newCookie'; readonly cookie: Buffer }
  | {
      readonly kind: 'refreshDelete' | 'refreshPresent';
      readonly cookie?: Buffer;
      /** False if another phase of the refresh follows. */
      readonly refreshDone: boolean;
    }
  | {
      readonly kind: 'idSet';
      readonly cookie?: Buffer;
      /** True: the entries are deleted. False: they are present and unchanged. */
      readonly refreshDeletes: boolean;
      /** 16 octets each, in network order. */
      readonly entryUuids: readonly Buffer[];
    };

export function encodeSyncInfo(info: SyncInfo): Buffer {
  const writer = new BerWriter(64);
  switch (info.kind) {
    case 'newCookie':
      writer.octets(info.cookie, NEW_COOKIE);
      break;
    case 'idSet':
      writer.begin(ID_SET);
      if (info.cookie !== undefined) writer.octets(info.cookie);
      if (info.refreshDeletes) writer.boolean(true);
      writer.begin(TAG.set);
      for (const uuid of info.entryUuids) writer.octets(uuid);
      writer.end();
      writer.end();
      break;
    default:
      writer.begin(info.kind === 'refreshDelete' ? REFRESH_DELETE : REFRESH_PRESENT);
      if (info.cookie !== undefined) writer.octets(info.cookie);
      // DEFAULT TRUE is left out.
      if (!info.refreshDone) writer.boolean(false);
      writer.end();
  }
  return writer.finish();
}

/** Throws a `BerError` if the value is no sync info message. */
export function parseSyncInfo(value: Buffer): SyncInfo {
  const reader = new BerReader(value);
  const tag = reader.peekTag();
  if (tag === NEW_COOKIE) return { kind: 'newCookie', cookie: reader.readOctets(NEW_COOKIE) };
  if (tag !== REFRESH_DELETE && tag !== REFRESH_PRESENT && tag !== ID_SET) {
    throw reader.invalid(
      `a sync info message expected, found ${tag === undefined ? 'nothing' : tagName(tag)}`,
    );
  }
  reader.enter(tag);
  const cookie = reader.peekTag() === TAG.octetString ? { cookie: reader.readOctets() } : {};
  if (tag === ID_SET) {
    const refreshDeletes = reader.peekTag() === TAG.boolean && reader.readBoolean();
    const entryUuids: Buffer[] = [];
    reader.enter(TAG.set);
    while (reader.hasMore) entryUuids.push(reader.readOctets());
    return { kind: 'idSet', ...cookie, refreshDeletes, entryUuids };
  }
  const refreshDone = reader.peekTag() !== TAG.boolean || reader.readBoolean();
  return { kind: tag === REFRESH_DELETE ? 'refreshDelete' : 'refreshPresent', ...cookie, refreshDone };
}
