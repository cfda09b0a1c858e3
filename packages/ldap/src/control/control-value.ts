import { BerError } from '../ber/ber-error.ts';
import { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import type { Control } from '../message/message.ts';

/** Encodes a control value that is a SEQUENCE. */
export function encodeSequence(write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter(64);
  writer.begin(TAG.sequence);
  write(writer);
  writer.end();
  return writer.finish();
}

/** Decodes a control value that is a SEQUENCE. Throws a `BerError` if there is no value or it is something else. */
export function decodeSequence<T>(control: Control, read: (reader: BerReader) => T): T {
  const reader = new BerReader(controlValue(control));
  reader.enter(TAG.sequence);
  const value = read(reader);
  reader.leave();
  reader.assertEnd();
  return value;
}

/** The value of a control that must have one. */
export function controlValue(control: Control): Buffer {
  if (control.value === undefined) {
    throw new BerError('BER_TRUNCATED', 0, `the control ${control.oid} needs a value and has none`);
  }
  return control.value;
}
