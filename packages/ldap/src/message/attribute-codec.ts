import type { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { AttributeValues } from './message.ts';

/** Writes a PartialAttribute (RFC 4511 §4.1.7): the type, then the set of its values, which may be empty. */
export function writeAttribute(writer: BerWriter, attribute: AttributeValues): void {
  writer.begin(TAG.sequence);
  writer.octets(attribute.type);
  writer.begin(TAG.set);
  for (const value of attribute.values) writer.octets(value);
  writer.end();
  writer.end();
}

export function readAttribute(reader: BerReader): AttributeValues<Buffer> {
  reader.enter(TAG.sequence);
  const type = reader.readString();
  const values: Buffer[] = [];
  reader.enter(TAG.set);
  while (reader.hasMore) values.push(reader.readOctets());
  reader.leave();
  reader.leave();
  return { type, values };
}

/** Writes a SEQUENCE OF attributes, as entries and add requests have it. */
export function writeAttributes(writer: BerWriter, attributes: readonly AttributeValues[]): void {
  writer.begin(TAG.sequence);
  for (const attribute of attributes) writeAttribute(writer, attribute);
  writer.end();
}

export function readAttributes(reader: BerReader): AttributeValues<Buffer>[] {
  const attributes: AttributeValues<Buffer>[] = [];
  reader.enter(TAG.sequence);
  while (reader.hasMore) attributes.push(readAttribute(reader));
  reader.leave();
  return attributes;
}
