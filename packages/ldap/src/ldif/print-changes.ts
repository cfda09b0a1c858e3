import type { AttributeValues, Modification } from '../message/message.ts';
import { printAttributeLines, printModificationLines } from './print-ldif.ts';

/*
 * Values of changelog entries (draft-good-ldap-changelog): the body of an LDIF record without name and change type, lines
 * unfolded, each with its line end. The counterparts of `parseChangedModifications` and `parseChangedAttributes`.
 */

/** The `changes` of a modify. */
export function printChangedModifications(changes: readonly Modification<Buffer>[]): Buffer {
  return toText(changes.flatMap(printModificationLines));
}

/** The `changes` of an add, and other attributes that hold entries: `deletedEntryAttrs`, values before and after. */
export function printChangedAttributes(attributes: readonly AttributeValues<Buffer>[]): Buffer {
  return toText(attributes.flatMap(printAttributeLines));
}

function toText(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}
