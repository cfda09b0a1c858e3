import type { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag, contextTag, tagName } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { Filter } from '../filter/filter.ts';

const FILTER_TAG = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equality: 0xa3,
  substrings: 0xa4,
  greaterOrEqual: 0xa5,
  lessOrEqual: 0xa6,
  present: 0x87,
  approx: 0xa8,
  extensible: 0xa9,
} as const;

const KIND_BY_TAG: ReadonlyMap<number, Filter['kind']> = new Map([
  [contextConstructedTag(0), 'and'],
  [contextConstructedTag(1), 'or'],
  [contextConstructedTag(2), 'not'],
  [contextConstructedTag(3), 'equality'],
  [contextConstructedTag(4), 'substrings'],
  [contextConstructedTag(5), 'greaterOrEqual'],
  [contextConstructedTag(6), 'lessOrEqual'],
  [contextTag(7), 'present'],
  [contextConstructedTag(8), 'approx'],
  [contextConstructedTag(9), 'extensible'],
]);

const SUBSTRING = { initial: 0x80, any: 0x81, final: 0x82 } as const;
const MATCHING = { rule: 0x81, attribute: 0x82, value: 0x83, dnAttributes: 0x84 } as const;

/** Writes a Filter (RFC 4511 §4.5.1.7; empty and/or: RFC 4526). */
export function writeFilter(writer: BerWriter, filter: Filter): void {
  const tag = FILTER_TAG[filter.kind];
  switch (filter.kind) {
    case 'and':
    case 'or':
      writer.begin(tag);
      for (const part of filter.filters) writeFilter(writer, part);
      writer.end();
      return;
    case 'not':
      writer.begin(tag);
      writeFilter(writer, filter.filter);
      writer.end();
      return;
    case 'equality':
    case 'greaterOrEqual':
    case 'lessOrEqual':
    case 'approx':
      writer.begin(tag);
      writer.octets(filter.attribute);
      writer.octets(filter.value);
      writer.end();
      return;
    case 'present':
      writer.octets(filter.attribute, tag);
      return;
    case 'substrings':
      writer.begin(tag);
      writer.octets(filter.attribute);
      writer.begin();
      if (filter.initial !== undefined) writer.octets(filter.initial, SUBSTRING.initial);
      for (const part of filter.any) writer.octets(part, SUBSTRING.any);
      if (filter.final !== undefined) writer.octets(filter.final, SUBSTRING.final);
      writer.end();
      writer.end();
      return;
    case 'extensible':
      writer.begin(tag);
      if (filter.matchingRule !== undefined) writer.octets(filter.matchingRule, MATCHING.rule);
      if (filter.attribute !== undefined) writer.octets(filter.attribute, MATCHING.attribute);
      writer.octets(filter.value, MATCHING.value);
      // DEFAULT FALSE is left out (RFC 4511 §5.1).
      if (filter.dnAttributes) writer.boolean(true, MATCHING.dnAttributes);
      writer.end();
  }
}

/** Reads a Filter. Depth is bounded by the reader's limit on nesting. */
export function readFilter(reader: BerReader): Filter {
  const tag = reader.peekTag();
  const kind = tag === undefined ? undefined : KIND_BY_TAG.get(tag);
  if (tag === undefined || kind === undefined) {
    throw reader.invalid(`a filter expected, found ${tag === undefined ? 'nothing' : tagName(tag)}`);
  }
  if (kind === 'present') return { kind, attribute: reader.readString(tag) };
  reader.enter(tag);
  const filter = readContent(reader, kind);
  reader.leave();
  return filter;
}

function readContent(reader: BerReader, kind: Exclude<Filter['kind'], 'present'>): Filter {
  switch (kind) {
    case 'and':
    case 'or': {
      const filters: Filter[] = [];
      while (reader.hasMore) filters.push(readFilter(reader));
      return { kind, filters };
    }
    case 'not':
      return { kind, filter: readFilter(reader) };
    case 'substrings':
      return readSubstrings(reader);
    case 'extensible':
      return readExtensible(reader);
    default: {
      const attribute = reader.readString();
      return { kind, attribute, value: reader.readOctets() };
    }
  }
}

function readSubstrings(reader: BerReader): Filter {
  const attribute = reader.readString();
  const any: Buffer[] = [];
  let initial: Buffer | undefined;
  let final: Buffer | undefined;
  let count = 0;
  reader.enter(0x30);
  for (; reader.hasMore; count += 1) {
    const tag = reader.peekTag();
    if (final !== undefined) throw reader.invalid('nothing may follow the final substring');
    if (tag === SUBSTRING.initial && count === 0) initial = reader.readOctets(SUBSTRING.initial);
    else if (tag === SUBSTRING.any) any.push(reader.readOctets(SUBSTRING.any));
    else final = reader.readOctets(SUBSTRING.final);
  }
  if (count === 0) throw reader.invalid('a substring filter needs at least one substring');
  reader.leave();
  return {
    kind: 'substrings',
    attribute,
    any,
    ...(initial === undefined ? {} : { initial }),
    ...(final === undefined ? {} : { final }),
  };
}

function readExtensible(reader: BerReader): Filter {
  const matchingRule = reader.peekTag() === MATCHING.rule ? reader.readString(MATCHING.rule) : undefined;
  const attribute =
    reader.peekTag() === MATCHING.attribute ? reader.readString(MATCHING.attribute) : undefined;
  const value = reader.readOctets(MATCHING.value);
  const dnAttributes =
    reader.peekTag() === MATCHING.dnAttributes && reader.readBoolean(MATCHING.dnAttributes);
  if (matchingRule === undefined && attribute === undefined) {
    throw reader.invalid('an extensible match names an attribute, a matching rule, or both');
  }
  return {
    kind: 'extensible',
    value,
    dnAttributes,
    ...(matchingRule === undefined ? {} : { matchingRule }),
    ...(attribute === undefined ? {} : { attribute }),
  };
}
