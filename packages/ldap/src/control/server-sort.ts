import { contextTag, TAG } from '../ber/ber-tag.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { decodeSequence, encodeSequence } from './control-value.ts';

const ORDERING_RULE = contextTag(0);
const REVERSE = contextTag(1);
const ATTRIBUTE = contextTag(0);

export interface SortKey {
  readonly attribute: string;
  readonly orderingRule?: string;
  readonly reverse?: boolean;
}

export interface SortResult {
  readonly resultCode: number;
  /** The first attribute that the server could not sort by. */
  readonly attribute?: string;
}

/** Server-side sorting (RFC 2891): the request. */
export function makeSortRequestControl(keys: readonly SortKey[], critical = false): Control {
  return {
    oid: CONTROL_OID.sortRequest,
    critical,
    value: encodeSequence((writer) => {
      for (const key of keys) {
        writer.begin(TAG.sequence);
        writer.octets(key.attribute);
        if (key.orderingRule !== undefined) writer.octets(key.orderingRule, ORDERING_RULE);
        if (key.reverse === true) writer.boolean(true, REVERSE);
        writer.end();
      }
    }),
  };
}

export function parseSortRequestControl(control: Control): SortKey[] {
  return decodeSequence(control, (reader) => {
    const keys: SortKey[] = [];
    while (reader.hasMore) {
      reader.enter(TAG.sequence);
      const attribute = reader.readString();
      const orderingRule = reader.peekTag() === ORDERING_RULE ? reader.readString(ORDERING_RULE) : undefined;
      const reverse = reader.peekTag() === REVERSE && reader.readBoolean(REVERSE);
      reader.leave();
      keys.push({ attribute, reverse, ...(orderingRule === undefined ? {} : { orderingRule }) });
    }
    return keys;
  });
}

export function makeSortResponseControl(result: SortResult): Control {
  return {
    oid: CONTROL_OID.sortResponse,
    critical: false,
    value: encodeSequence((writer) => {
      writer.enumerated(result.resultCode);
      if (result.attribute !== undefined) writer.octets(result.attribute, ATTRIBUTE);
    }),
  };
}

export function parseSortResponseControl(control: Control): SortResult {
  return decodeSequence(control, (reader) => {
    const resultCode = reader.readEnumerated();
    const attribute = reader.peekTag() === ATTRIBUTE ? reader.readString(ATTRIBUTE) : undefined;
    return { resultCode, ...(attribute === undefined ? {} : { attribute }) };
  });
}
