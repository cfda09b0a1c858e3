import type { AttributeValues } from '../message/message.ts';
import { printGeneralizedTime } from '../values/generalized-time.ts';
import { printEntryUuid } from '../values/guid.ts';
import { parseChangedAttributes, parseChangedModifications } from './parse-changes.ts';

interface CompactForm {
  readonly type: string;
  readonly octets: number;
  /** Undefined: not what it should be. */
  readonly print: (value: Buffer) => string | undefined;
}

/** Attributes that PingDirectory keeps in a compact form, which shows in its changelog. */
const COMPACT: ReadonlyMap<string, CompactForm> = new Map([
  ['ds-entry-unique-id', { type: 'entryUUID', octets: 16, print: printEntryUuid }],
  ['ds-create-time', { type: 'createTimestamp', octets: 8, print: printCompactTime }],
  ['ds-update-time', { type: 'modifyTimestamp', octets: 8, print: printCompactTime }],
]);
const LAST_TIME_MS = Date.UTC(9999, 11, 31);

/**
 * Reads `deletedEntryAttrs` of a changelog entry: what the log kept of a deleted entry. Servers write it as the
 * attributes of an entry or as a modification that deletes them; compact attributes come under their usual name and form.
 * @throws LdapTextError `LDIF_SYNTAX`, `LDIF_LIMIT`
 */
export function parseDeletedAttributes(value: Buffer): readonly AttributeValues<Buffer>[] {
  // An attribute named `delete` does not exist: a line that begins with it deletes one.
  const isModification = /^delete:/i.test(value.toString('latin1', 0, 8));
  return expandCompactAttributes(
    isModification ? parseChangedModifications(value) : parseChangedAttributes(value),
  );
}

/** PingDirectory's compact attributes under their usual name and form; everything else as it is. */
export function expandCompactAttributes(
  attributes: readonly AttributeValues<Buffer>[],
): readonly AttributeValues<Buffer>[] {
  return attributes.map(({ type, values }) => {
    const compact = COMPACT.get(type.toLowerCase());
    if (compact === undefined) return { type, values };
    const printed = values.map((value) =>
      value.length === compact.octets ? compact.print(value) : undefined,
    );
    const texts = printed.flatMap((text) => (text === undefined ? [] : [Buffer.from(text, 'latin1')]));
    return texts.length < values.length ? { type, values } : { type: compact.type, values: texts };
  });
}

/** Milliseconds since 1970 in eight octets. */
function printCompactTime(value: Buffer): string | undefined {
  const ms = Number(value.readBigInt64BE());
  return ms < 0 || ms > LAST_TIME_MS ? undefined : printGeneralizedTime(ms, { fractionDigits: 3 });
}
