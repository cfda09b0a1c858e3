import { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import type { Control, SearchEntryOp } from '../message/message.ts';
import { OPERATION_TAG } from '../message/operation-tag.ts';
import { readSearchEntry, writeSearchEntry } from '../message/search.ts';
import { CONTROL_OID } from './control-oid.ts';
import { controlValue, decodeSequence, encodeSequence } from './control-value.ts';

/** Pre-read and post-read (RFC 4527): the entry as it was before, or is after, the write that carries the control. */
export type ReadEntryMoment = 'preRead' | 'postRead';

/** Asks for these attributes of the entry (empty = all user attributes). */
export function makeReadEntryRequestControl(
  moment: ReadEntryMoment,
  attributes: readonly string[],
  critical = false,
): Control {
  return {
    oid: CONTROL_OID[moment],
    critical,
    value: encodeSequence((writer) => {
      for (const attribute of attributes) writer.octets(attribute);
    }),
  };
}

export function parseReadEntryRequestControl(control: Control): string[] {
  return decodeSequence(control, (reader) => {
    const attributes: string[] = [];
    while (reader.hasMore) attributes.push(reader.readString());
    return attributes;
  });
}

export function makeReadEntryResponseControl(moment: ReadEntryMoment, entry: SearchEntryOp): Control {
  const writer = new BerWriter();
  writeSearchEntry(writer, entry);
  const value = writer.finish();
  // The value is the entry without its application tag: a plain SEQUENCE.
  value[0] = TAG.sequence;
  return { oid: CONTROL_OID[moment], critical: false, value };
}

/** The entry; its values are copies, free of the message they came in. */
export function parseReadEntryResponseControl(control: Control): SearchEntryOp<Buffer> {
  const value = Buffer.from(controlValue(control));
  const plain = value[0] === TAG.sequence;
  if (plain) value[0] = OPERATION_TAG.searchEntry;
  const reader = new BerReader(value);
  const entry = readSearchEntry(reader);
  reader.assertEnd();
  return entry;
}
