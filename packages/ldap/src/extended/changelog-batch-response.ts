import { BerReader } from '../ber/ber-reader.ts';
import { contextTag, TAG } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import { readAttributes, writeAttributes } from '../message/attribute-codec.ts';
import type { AttributeValues } from '../message/message.ts';

/** One change of a batch: the value of an intermediate response `EXTENDED_OID.changelogEntry`. */
export interface ChangelogBatchEntry<V = Buffer> {
  /** Resumes behind this change. */
  readonly resumeToken: Buffer;
  /** Which server the entry comes from: change numbers mean something together with it only. */
  readonly serverId: string;
  /** The entry below `cn=changelog`. */
  readonly dn: string;
  readonly attributes: readonly AttributeValues<V>[];
}

/** The value of the final response of a batch. */
export interface ChangelogBatchResult {
  /** Resumes behind the last change that was sent; absent only where the operation failed. */
  readonly resumeToken?: Buffer;
  readonly moreChangesAvailable: boolean;
  /** True: changes behind the starting point are gone for good. Only a full read helps. */
  readonly changesAlreadyPurged: boolean;
  readonly additionalInfo?: string;
  readonly estimatedChangesRemaining?: number;
}

const RESULT = {
  resumeToken: contextTag(0),
  moreChangesAvailable: contextTag(1),
  changesAlreadyPurged: contextTag(2),
  additionalInfo: contextTag(3),
  estimatedChangesRemaining: contextTag(4),
} as const;
const MISSING_MESSAGE = contextTag(0);

export function encodeChangelogBatchEntry(
  entry: Omit<ChangelogBatchEntry, 'attributes'> & { readonly attributes: readonly AttributeValues[] },
): Buffer {
  const writer = new BerWriter(512);
  writer.begin(TAG.sequence);
  writer.octets(entry.resumeToken);
  writer.octets(entry.serverId);
  writer.octets(entry.dn);
  writeAttributes(writer, entry.attributes);
  writer.end();
  return writer.finish();
}

/** Token and values are views into `value`. @throws BerError */
export function parseChangelogBatchEntry(value: Buffer): ChangelogBatchEntry {
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  const entry = {
    resumeToken: reader.readOctets(),
    serverId: reader.readString(),
    dn: reader.readString(),
    attributes: readAttributes(reader),
  };
  reader.leave();
  reader.assertEnd();
  return entry;
}

export function encodeChangelogBatchResult(result: ChangelogBatchResult): Buffer {
  const writer = new BerWriter(64);
  writer.begin(TAG.sequence);
  if (result.resumeToken !== undefined) writer.octets(result.resumeToken, RESULT.resumeToken);
  writer.boolean(result.moreChangesAvailable, RESULT.moreChangesAvailable);
  // The server puts the estimate here, out of the order of its tags; readers take any order.
  if (result.estimatedChangesRemaining !== undefined)
    writer.integer(result.estimatedChangesRemaining, RESULT.estimatedChangesRemaining);
  if (result.changesAlreadyPurged) writer.boolean(true, RESULT.changesAlreadyPurged);
  if (result.additionalInfo !== undefined) writer.octets(result.additionalInfo, RESULT.additionalInfo);
  writer.end();
  return writer.finish();
}

/** The elements in any order; unknown ones are passed over. @throws BerError */
export function parseChangelogBatchResult(value: Buffer): ChangelogBatchResult {
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  const found: { -readonly [field in keyof ChangelogBatchResult]?: ChangelogBatchResult[field] } = {};
  while (reader.hasMore) {
    const tag = reader.peekTag();
    switch (tag) {
      case RESULT.resumeToken:
        found.resumeToken = reader.readOctets(tag);
        break;
      case RESULT.moreChangesAvailable:
        found.moreChangesAvailable = reader.readBoolean(tag);
        break;
      case RESULT.changesAlreadyPurged:
        found.changesAlreadyPurged = reader.readBoolean(tag);
        break;
      case RESULT.additionalInfo:
        found.additionalInfo = reader.readString(tag);
        break;
      case RESULT.estimatedChangesRemaining: {
        const estimate = reader.readInteger(tag);
        if (estimate >= 0) found.estimatedChangesRemaining = estimate;
        break;
      }
      default:
        reader.readElement();
    }
  }
  const { moreChangesAvailable, changesAlreadyPurged = false } = found;
  if (moreChangesAvailable === undefined)
    throw reader.invalid('whether more changes are available is not said');
  reader.leave();
  reader.assertEnd();
  return { ...found, moreChangesAvailable, changesAlreadyPurged };
}

/** The value of an intermediate response `EXTENDED_OID.missingChangelogEntries`. */
export function encodeMissingChanges(message: string): Buffer {
  const writer = new BerWriter(64);
  writer.begin(TAG.sequence);
  writer.octets(message, MISSING_MESSAGE);
  writer.end();
  return writer.finish();
}

/** The server's words about the changes that are gone; undefined if it says none. @throws BerError */
export function parseMissingChanges(value: Buffer | undefined): string | undefined {
  if (value === undefined) return undefined;
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  return reader.peekTag() === MISSING_MESSAGE ? reader.readString(MISSING_MESSAGE) : undefined;
}
