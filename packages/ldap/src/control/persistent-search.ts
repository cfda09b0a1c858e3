import { TAG } from '../ber/ber-tag.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

export type EntryChangeType = 'add' | 'delete' | 'modify' | 'modifyDn';

/** Bits of draft-ietf-ldapext-psearch §4. */
const BIT_BY_TYPE: Readonly<Record<EntryChangeType, number>> = { add: 1, delete: 2, modify: 4, modifyDn: 8 };
const TYPES: readonly EntryChangeType[] = ['add', 'delete', 'modify', 'modifyDn'];

export interface PersistentSearch {
  readonly changeTypes: readonly EntryChangeType[];
  /** True: leave out the entries that match now. */
  readonly changesOnly: boolean;
  /** True: say of each entry what happened to it (entry change notification). */
  readonly returnEntryChanges: boolean;
}

export interface EntryChange {
  readonly changeType: EntryChangeType;
  /** The DN before the rename, for `modifyDn`. */
  readonly previousDn?: string;
  readonly changeNumber?: number;
}

export function makePersistentSearchControl(value: PersistentSearch): Control {
  return {
    oid: CONTROL_OID.persistentSearch,
    critical: true,
    value: encodeSequence((writer) => {
      writer.integer(value.changeTypes.reduce((bits, type) => bits | BIT_BY_TYPE[type], 0));
      writer.boolean(value.changesOnly);
      writer.boolean(value.returnEntryChanges);
    }),
  };
}

export function parsePersistentSearchControl(control: Control): PersistentSearch {
  return decodeSequence(control, (reader) => {
    const bits = reader.readInteger();
    return {
      changeTypes: TYPES.filter((type) => (bits & BIT_BY_TYPE[type]) !== 0),
      changesOnly: reader.readBoolean(),
      returnEntryChanges: reader.readBoolean(),
    };
  });
}

export function makeEntryChangeControl(value: EntryChange): Control {
  return {
    oid: CONTROL_OID.entryChangeNotification,
    critical: false,
    value: encodeSequence((writer) => {
      writer.enumerated(BIT_BY_TYPE[value.changeType]);
      if (value.previousDn !== undefined) writer.octets(value.previousDn);
      if (value.changeNumber !== undefined) writer.integer(value.changeNumber);
    }),
  };
}

/** The draft says ENUMERATED, some servers send INTEGER: both are taken. */
export function parseEntryChangeControl(control: Control): EntryChange {
  return decodeSequence(control, (reader) => {
    const bit = reader.peekTag() === TAG.integer ? reader.readInteger() : reader.readEnumerated();
    const changeType = TYPES.find((type) => BIT_BY_TYPE[type] === bit);
    if (changeType === undefined)
      throw reader.invalid(`a change type of 1, 2, 4 or 8 expected, found ${bit}`);
    const previousDn = reader.peekTag() === TAG.octetString ? reader.readString() : undefined;
    const changeNumber = reader.peekTag() === TAG.integer ? reader.readInteger() : undefined;
    return {
      changeType,
      ...(previousDn === undefined ? {} : { previousDn }),
      ...(changeNumber === undefined ? {} : { changeNumber }),
    };
  });
}
