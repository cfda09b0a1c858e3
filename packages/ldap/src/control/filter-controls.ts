import { BerReader } from '../ber/ber-reader.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import type { Filter } from '../filter/filter.ts';
import { readFilter, writeFilter } from '../message/filter-codec.ts';
import type { Control } from '../message/message.ts';
import { CONTROL_OID } from './control-oid.ts';
import { controlValue, decodeSequence, encodeSequence } from './control-value.ts';

/** Assertion (RFC 4528): the operation happens only if the entry matches; else `assertionFailed`. */
export function makeAssertionControl(filter: Filter): Control {
  const writer = new BerWriter();
  writeFilter(writer, filter);
  return { oid: CONTROL_OID.assertion, critical: true, value: writer.finish() };
}

export function parseAssertionControl(control: Control): Filter {
  const reader = new BerReader(controlValue(control));
  const filter = readFilter(reader);
  reader.assertEnd();
  return filter;
}

/** Matched values (RFC 3876): of each attribute named here, only the values that match come back. */
export function makeMatchedValuesControl(filters: readonly Filter[]): Control {
  return {
    oid: CONTROL_OID.matchedValues,
    critical: true,
    value: encodeSequence((writer) => {
      for (const filter of filters) writeFilter(writer, filter);
    }),
  };
}

export function parseMatchedValuesControl(control: Control): Filter[] {
  return decodeSequence(control, (reader) => {
    const filters: Filter[] = [];
    while (reader.hasMore) filters.push(readFilter(reader));
    return filters;
  });
}
