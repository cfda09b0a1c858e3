import type { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag, TAG } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { Control } from './message.ts';

export const CONTROLS_TAG: number = contextConstructedTag(0);

/** Writes the controls of a message (RFC 4511 §4.1.11); nothing if there are none. */
export function writeControls(writer: BerWriter, controls: readonly Control[]): void {
  if (controls.length === 0) return;
  writer.begin(CONTROLS_TAG);
  for (const control of controls) {
    writer.begin(TAG.sequence);
    writer.octets(control.oid);
    if (control.critical) writer.boolean(true);
    if (control.value !== undefined) writer.octets(control.value);
    writer.end();
  }
  writer.end();
}

/** Reads the controls that may follow an operation. */
export function readControls(reader: BerReader): Control[] {
  const controls: Control[] = [];
  if (reader.peekTag() !== CONTROLS_TAG) return controls;
  reader.enter(CONTROLS_TAG);
  while (reader.hasMore) {
    reader.enter(TAG.sequence);
    const oid = reader.readString();
    const critical = reader.peekTag() === TAG.boolean && reader.readBoolean();
    const value = reader.peekTag() === TAG.octetString ? reader.readOctets() : undefined;
    reader.leave();
    controls.push({ oid, critical, ...(value === undefined ? {} : { value }) });
  }
  reader.leave();
  return controls;
}
