import type { BerReader } from '../ber/ber-reader.ts';
import { TAG } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import { readAttributes, writeAttributes } from './attribute-codec.ts';
import { readFilter, writeFilter } from './filter-codec.ts';
import type { DerefAliases, SearchEntryOp, SearchReferenceOp, SearchRequestOp } from './message.ts';
import { OPERATION_TAG } from './operation-tag.ts';

const SCOPES: readonly SearchRequestOp['scope'][] = ['base', 'one', 'sub'];
const DEREF_ALIASES: readonly DerefAliases[] = ['never', 'searching', 'finding', 'always'];

/** SearchRequest (RFC 4511 §4.5.1). */
export function writeSearchRequest(writer: BerWriter, op: SearchRequestOp): void {
  writer.begin(OPERATION_TAG.searchRequest);
  writer.octets(op.base);
  writer.enumerated(SCOPES.indexOf(op.scope));
  writer.enumerated(DEREF_ALIASES.indexOf(op.derefAliases));
  writer.integer(op.sizeLimit);
  writer.integer(op.timeLimitSeconds);
  writer.boolean(op.typesOnly);
  writeFilter(writer, op.filter);
  writer.begin(TAG.sequence);
  for (const attribute of op.attributes) writer.octets(attribute);
  writer.end();
  writer.end();
}

export function readSearchRequest(reader: BerReader): SearchRequestOp {
  reader.enter(OPERATION_TAG.searchRequest);
  const base = reader.readString();
  const scopeNumber = reader.readEnumerated();
  const scope = SCOPES[scopeNumber];
  if (scope === undefined) throw reader.invalid(`a search scope of 0 to 2 expected, found ${scopeNumber}`);
  const derefNumber = reader.readEnumerated();
  const derefAliases = DEREF_ALIASES[derefNumber];
  if (derefAliases === undefined)
    throw reader.invalid(`derefAliases of 0 to 3 expected, found ${derefNumber}`);
  const sizeLimit = reader.readInteger();
  const timeLimitSeconds = reader.readInteger();
  const typesOnly = reader.readBoolean();
  const filter = readFilter(reader);
  const attributes: string[] = [];
  reader.enter(TAG.sequence);
  while (reader.hasMore) attributes.push(reader.readString());
  reader.leave();
  reader.leave();
  return {
    kind: 'searchRequest',
    base,
    scope,
    derefAliases,
    sizeLimit,
    timeLimitSeconds,
    typesOnly,
    filter,
    attributes,
  };
}

/** SearchResultEntry (RFC 4511 §4.5.2). To read many, `EntryBatch` does it without building this value. */
export function writeSearchEntry(writer: BerWriter, op: SearchEntryOp): void {
  writer.begin(OPERATION_TAG.searchEntry);
  writer.octets(op.dn);
  writeAttributes(writer, op.attributes);
  writer.end();
}

export function readSearchEntry(reader: BerReader): SearchEntryOp<Buffer> {
  reader.enter(OPERATION_TAG.searchEntry);
  const dn = reader.readString();
  const attributes = readAttributes(reader);
  reader.leave();
  return { kind: 'searchEntry', dn, attributes };
}

/** SearchResultReference (RFC 4511 §4.5.3). */
export function writeSearchReference(writer: BerWriter, op: SearchReferenceOp): void {
  writer.begin(OPERATION_TAG.searchReference);
  for (const uri of op.uris) writer.octets(uri);
  writer.end();
}

export function readSearchReference(reader: BerReader): SearchReferenceOp {
  const uris: string[] = [];
  reader.enter(OPERATION_TAG.searchReference);
  while (reader.hasMore) uris.push(reader.readString());
  reader.leave();
  return { kind: 'searchReference', uris };
}
