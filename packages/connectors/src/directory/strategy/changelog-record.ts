import { hash } from 'node:crypto';
import {
  type AttributeValues,
  LdapTextError,
  parseDeletedAttributes,
  parseDn,
  parseRdn,
  readDn,
} from '@sallyport/ldap';

export type ChangeRecordType = 'add' | 'delete' | 'modify' | 'modrdn';

/** One entry of a changelog (draft-good-ldap-changelog), with what the vendors add to it. */
export interface ChangeRecord {
  /** Undefined where the server numbers nothing; then it gives tokens. */
  readonly number: number | undefined;
  readonly type: ChangeRecordType;
  /** Where the object was before the change. */
  readonly targetDn: string;
  /** Where it is after it; differs for modrdn alone. */
  readonly newDn: string;
  /** entryUUID of the object; undefined where the server does not log it. */
  readonly key: string | undefined;
  /** Body of an LDIF record; undefined where there is none or the account may not read it. */
  readonly changes: Buffer | undefined;
  /** Whether the server says that it left attributes out of `changes`. */
  readonly isPared: boolean;
  /** Tells this record from another one of the same number. */
  readonly digest: string;
}

/** What tells which change an entry of the log is; a server that does not know a name does not send it. */
export const RECORD_HEAD: readonly string[] = [
  'changeNumber',
  'changeType',
  'changeTime',
  'targetDN',
  'newRDN',
  'deleteOldRDN',
  'newSuperior',
  'targetEntryUUID',
  'targetUniqueID',
  'ds-change-to-soft-deleted-entry',
  'ds-changelog-num-excluded-user-attributes',
  'ds-changelog-num-excluded-operational-attributes',
];

/** The whole of it, which can be long. */
export const RECORD_ATTRIBUTES: readonly string[] = [...RECORD_HEAD, 'changes', 'deletedEntryAttrs'];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TYPES: Readonly<Record<string, ChangeRecordType>> = {
  add: 'add',
  delete: 'delete',
  modify: 'modify',
  modrdn: 'modrdn',
  moddn: 'modrdn',
};

/** Undefined for what is no change of an entry that anybody sees: a change to a soft-deleted one, an unknown type. */
export function readChangeRecord(attributes: readonly AttributeValues<Buffer>[]): ChangeRecord | undefined {
  const byName = new Map(attributes.map(({ type, values }) => [type.toLowerCase(), values[0]]));
  const text = (name: string): string | undefined => byName.get(name.toLowerCase())?.toString('utf8');
  const type = TYPES[text('changeType')?.toLowerCase() ?? ''];
  const targetDn = text('targetDN');
  if (type === undefined || targetDn === undefined) return undefined;
  if (text('ds-change-to-soft-deleted-entry')?.toLowerCase() === 'true') return undefined;
  const number = Number(text('changeNumber'));
  return {
    number: Number.isSafeInteger(number) ? number : undefined,
    type,
    targetDn,
    newDn: type === 'modrdn' ? dnAfter(targetDn, text('newRDN'), text('newSuperior')) : targetDn,
    key: readKey([
      text('targetEntryUUID'),
      text('targetUniqueID'),
      keptUuid(byName.get('deletedentryattrs')),
    ]),
    changes: byName.get('changes'),
    isPared: [
      'ds-changelog-num-excluded-user-attributes',
      'ds-changelog-num-excluded-operational-attributes',
    ].some((name) => Number(text(name) ?? 0) > 0),
    digest: hash('sha256', `${type}\0${targetDn}\0${text('changeTime') ?? ''}`, 'base64url').slice(0, 16),
  };
}

/** 389's targetUniqueID holds an nsUniqueId where nobody configured otherwise: it has another form, and is no key here. */
function readKey(candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find((id) => id !== undefined && UUID.test(id))?.toLowerCase();
}

function keptUuid(deletedAttributes: Buffer | undefined): string | undefined {
  if (deletedAttributes === undefined) return undefined;
  try {
    return parseDeletedAttributes(deletedAttributes)
      .find(({ type }) => type.toLowerCase() === 'entryuuid')
      ?.values[0]?.toString('latin1');
  } catch (error) {
    if (error instanceof LdapTextError) return undefined;
    throw error;
  }
}

function dnAfter(targetDn: string, newRdn: string | undefined, newSuperior: string | undefined): string {
  const parent = newSuperior ?? readDn(targetDn)?.parent?.toString();
  if (newRdn === undefined || parent === undefined) return targetDn;
  return parseDn(`${parseRdn(newRdn).toString()}${parent === '' ? '' : ','}${parent}`).toString();
}
