import type { AttributeValues, Control, Modification, ModificationKind } from '../message/message.ts';
import { ldifFault } from './ldif-fault.ts';
import type { LdifLine } from './ldif-lines.ts';
import type { LdifRecord } from './ldif-record.ts';
import { type LdifField, parseLine, textOf } from './parse-line.ts';

/** `control: OID [criticality] [value]`; the value in the three forms of an attribute's. */
const CONTROL = /^([0-9]+(?:\.[0-9]+)*)(?: +(true|false))?(?:(::?) *(.*))?$/is;

const MODIFICATION_KINDS: ReadonlyMap<string, ModificationKind> = new Map([
  ['add', 'add'],
  ['delete', 'delete'],
  ['replace', 'replace'],
  ['increment', 'increment'],
]);

/** Reads one record. @throws LdapTextError `LDIF_SYNTAX` with the line */
export function parseRecord(lines: readonly LdifLine[]): LdifRecord {
  const [first, ...rest] = lines;
  const dnField = first === undefined ? undefined : parseLine(first);
  if (dnField?.name.toLowerCase() !== 'dn') {
    throw ldifFault(first?.line ?? 0, first?.text ?? '', 'a record that begins with "dn: …"');
  }
  const dn = textOf(dnField);
  const controlCount = rest.findIndex((line) => !/^control:/i.test(line.text));
  const split = controlCount === -1 ? rest.length : controlCount;
  const controls = rest.slice(0, split).map(parseControl);
  const [second, ...body] = rest.slice(split);
  const change = second === undefined || !/^changetype:/i.test(second.text) ? undefined : parseLine(second);
  if (change === undefined) {
    if (controls.length === 0) return { kind: 'entry', dn, attributes: parseAttributes(rest) };
    throw ldifFault(second?.line ?? dnField.line, second?.text ?? '', '"changetype: …" behind the controls');
  }
  const kind = textOf(change).trimEnd().toLowerCase();
  switch (kind) {
    case 'add':
      return { kind, dn, controls, attributes: parseAttributes(body) };
    case 'delete':
      if (body[0] !== undefined)
        throw ldifFault(body[0].line, body[0].text, 'nothing behind "changetype: delete"');
      return { kind, dn, controls };
    case 'modify':
      return { kind, dn, controls, modifications: parseModifications(body) };
    case 'moddn':
    case 'modrdn':
      return { kind: 'modifyDn', dn, controls, ...parseModifyDn(body, change.line) };
    default:
      throw ldifFault(change.line, kind, 'changetype add, delete, modify, moddn or modrdn');
  }
}

/** Attribute values, those of one description together in the order of their first. */
export function parseAttributes(lines: readonly LdifLine[]): readonly AttributeValues<Buffer>[] {
  const byKey = new Map<string, { readonly type: string; readonly values: Buffer[] }>();
  for (const line of lines) {
    const { name, value } = parseLine(line);
    const key = name.toLowerCase();
    const attribute = byKey.get(key);
    if (attribute === undefined) byKey.set(key, { type: name, values: [value] });
    else attribute.values.push(value);
  }
  return [...byKey.values()];
}

/** The changes of a modify record. The line with a hyphen may be missing at the end, as many programs leave it out. */
export function parseModifications(lines: readonly LdifLine[]): readonly Modification<Buffer>[] {
  const modifications: Modification<Buffer>[] = [];
  let current: { operation: ModificationKind; type: string; values: Buffer[] } | undefined;
  for (const line of lines) {
    if (line.text.trimEnd() === '-') {
      if (current === undefined) throw ldifFault(line.line, line.text, 'add, delete, replace or increment');
      modifications.push(current);
      current = undefined;
      continue;
    }
    const field = parseLine(line);
    if (current === undefined) {
      const operation = MODIFICATION_KINDS.get(field.name.toLowerCase());
      if (operation === undefined) throw ldifFault(line.line, line.text, 'add, delete, replace or increment');
      current = { operation, type: textOf(field).trimEnd(), values: [] };
    } else if (field.name.toLowerCase() === current.type.toLowerCase()) {
      current.values.push(field.value);
    } else {
      throw ldifFault(line.line, line.text, `a value of ${current.type}, or a line with a hyphen`);
    }
  }
  if (current !== undefined) modifications.push(current);
  return modifications;
}

function parseModifyDn(
  lines: readonly LdifLine[],
  changeLine: number,
): { readonly newRdn: string; readonly deleteOldRdn: boolean; readonly newSuperior: string | undefined } {
  const fields = lines.map(parseLine);
  const newRdn = expectField(fields[0], 'newrdn', changeLine);
  const deleteOldRdn = expectField(fields[1], 'deleteoldrdn', newRdn.line);
  const flag = textOf(deleteOldRdn).trimEnd();
  if (flag !== '0' && flag !== '1') throw ldifFault(deleteOldRdn.line, flag, 'deleteoldrdn 0 or 1');
  const newSuperior = fields[2] === undefined ? undefined : expectField(fields[2], 'newsuperior', changeLine);
  const excess = lines[3];
  if (excess !== undefined) throw ldifFault(excess.line, excess.text, 'the end of the record');
  return {
    newRdn: textOf(newRdn),
    deleteOldRdn: flag === '1',
    newSuperior: newSuperior === undefined ? undefined : textOf(newSuperior),
  };
}

function expectField(field: LdifField | undefined, name: string, previousLine: number): LdifField {
  if (field?.name.toLowerCase() === name) return field;
  throw ldifFault(field?.line ?? previousLine, field?.name ?? '', `"${name}: …"`);
}

function parseControl(line: LdifLine): Control {
  const field = parseLine(line);
  const parts = CONTROL.exec(field.value.toString('latin1'));
  const oid = parts?.[1];
  if (oid === undefined) throw ldifFault(line.line, line.text, '"control: OID [true|false][: value]"');
  const critical = parts?.[2]?.toLowerCase() === 'true';
  if (parts?.[3] === undefined) return { oid, critical };
  const value = parseLine({ text: `value${parts[3]}${parts[4] ?? ''}`, line: line.line }).value;
  return { oid, critical, value };
}
