import type { AttributeValues, Control, Modification } from '../message/message.ts';
import type { LdifRecord } from './ldif-record.ts';

export interface LdifStyle {
  /** Bytes after which lines are folded; 0 never folds. Default 76. */
  readonly lineLength?: number;
}

const DEFAULT_LINE_LENGTH = 76;

/**
 * RFC 2849 SAFE-STRING, narrowed to what is printed: control characters would be legal but invisible, and a space at the
 * end would be lost on the way (note 8).
 */
const SAFE = /^(?:[!-9;=-~](?:[ -~]*[!-~])?)?$/;

/** Directly behind the name these words mean a change record, not an attribute. */
const RESERVED: ReadonlySet<string> = new Set(['changetype', 'control']);

/** The text of one record, with the blank line that ends it (RFC 2849). */
export function printLdifRecord(record: LdifRecord, style: LdifStyle = {}): string {
  const lines = recordLines(record).map((line) => fold(line, style.lineLength ?? DEFAULT_LINE_LENGTH));
  return `${lines.join('\n')}\n\n`;
}

/** The text of a whole file, version line first, record by record: to be written as it comes. */
export async function* writeLdif(
  records: AsyncIterable<LdifRecord> | Iterable<LdifRecord>,
  style: LdifStyle = {},
): AsyncGenerator<string, void, undefined> {
  yield 'version: 1\n\n';
  for await (const record of records) yield printLdifRecord(record, style);
}

function recordLines(record: LdifRecord): readonly string[] {
  const dn = printField('dn', Buffer.from(record.dn, 'utf8'));
  if (record.kind === 'entry') return [dn, ...reservedLast(record.attributes).flatMap(printAttributeLines)];
  const head = [dn, ...record.controls.map(printControl)];
  switch (record.kind) {
    case 'add':
      return [...head, 'changetype: add', ...record.attributes.flatMap(printAttributeLines)];
    case 'delete':
      return [...head, 'changetype: delete'];
    case 'modify':
      return [...head, 'changetype: modify', ...record.modifications.flatMap(printModificationLines)];
    case 'modifyDn':
      return [
        ...head,
        'changetype: moddn',
        printField('newrdn', Buffer.from(record.newRdn, 'utf8')),
        `deleteoldrdn: ${record.deleteOldRdn ? 1 : 0}`,
        ...(record.newSuperior === undefined
          ? []
          : [printField('newsuperior', Buffer.from(record.newSuperior, 'utf8'))]),
      ];
  }
}

/** Changelog entries have an attribute changeType: it must not come first, or the entry would read as a change. */
function reservedLast(attributes: readonly AttributeValues<Buffer>[]): readonly AttributeValues<Buffer>[] {
  const isReserved = (attribute: AttributeValues<Buffer>) => RESERVED.has(attribute.type.toLowerCase());
  return [...attributes.filter((item) => !isReserved(item)), ...attributes.filter(isReserved)];
}

/** One change of a modify record, unfolded. */
export function printModificationLines(change: Modification<Buffer>): readonly string[] {
  return [`${change.operation}: ${change.type}`, ...printAttributeLines(change), '-'];
}

/** One line a value, unfolded. */
export function printAttributeLines(attribute: AttributeValues<Buffer>): readonly string[] {
  return attribute.values.map((value) => printField(attribute.type, value));
}

function printControl(control: Control): string {
  const head = `control: ${control.oid} ${control.critical}`;
  return control.value === undefined ? head : printField(head, control.value);
}

function printField(name: string, value: Buffer): string {
  const text = value.toString('latin1');
  if (SAFE.test(text)) return text === '' ? `${name}:` : `${name}: ${text}`;
  return `${name}:: ${value.toString('base64')}`;
}

/** A folded line goes on behind a line end and one space. All characters are ASCII here, so bytes are characters. */
function fold(line: string, lineLength: number): string {
  if (lineLength <= 1 || line.length <= lineLength) return line;
  const parts = [line.slice(0, lineLength)];
  for (let start = lineLength; start < line.length; start += lineLength - 1) {
    parts.push(line.slice(start, start + lineLength - 1));
  }
  return parts.join('\n ');
}
