import { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag, contextTag, TAG, tagName } from '../ber/ber-tag.ts';
import { BerWriter } from '../ber/ber-writer.ts';
import { parseGeneralizedTime, printGeneralizedTime } from '../values/generalized-time.ts';
import { LdapTextError } from '../values/text-error.ts';

export type ChangelogChangeType = 'add' | 'delete' | 'modify' | 'modifyDn';

/** By the number of the ENUMERATED. */
const CHANGE_TYPES: readonly ChangelogChangeType[] = ['add', 'delete', 'modify', 'modifyDn'];

export type ChangelogStart =
  /** Behind the last change of an earlier batch. Opaque, and good on every server of the topology. */
  | { readonly kind: 'token'; readonly token: Buffer }
  /** Behind the change with this sequence number (`localCSN`, `replicationCSN`). */
  | { readonly kind: 'csn'; readonly csn: string }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'end' }
  /** Changes made at or after a time, epoch milliseconds. */
  | { readonly kind: 'time'; readonly atMs: number };

/** Which changes are wanted, judged by the attributes they touch. */
export type ChangelogSelection =
  | { readonly kind: 'anyAttributes' | 'allAttributes'; readonly attributes: readonly string[] }
  | {
      readonly kind: 'ignoreAttributes';
      readonly attributes: readonly string[];
      readonly ignoreOperational: boolean;
    }
  | { readonly kind: 'notificationDestination'; readonly entryUuid: string };

/** PingDirectory's get changelog batch request. What is absent does not limit. */
export interface ChangelogBatchRequest {
  readonly start: ChangelogStart;
  /** 0 = none: the answer is the token of the starting point. */
  readonly maxChanges: number;
  /** How long the server waits for a change if there is none; 0 = not at all. */
  readonly maxWaitMs?: number;
  /** Wait until `maxChanges` are there or the time is over. */
  readonly waitForMaxChanges?: boolean;
  readonly includeBases?: readonly string[];
  readonly excludeBases?: readonly string[];
  readonly changeTypes?: readonly ChangelogChangeType[];
  /** Send what is left although changes behind the starting point were purged. */
  readonly continueOnMissingChanges?: boolean;
  /** Leave out of the entries what this user may not see. */
  readonly pareEntriesForUserDn?: string;
  readonly selection?: ChangelogSelection;
  readonly includeSoftDeletedEntryMods?: boolean;
  readonly includeSoftDeletedEntryDeletes?: boolean;
}

const START = {
  token: contextTag(0),
  csn: contextTag(1),
  beginning: contextTag(2),
  end: contextTag(3),
  time: contextTag(4),
} as const;

const FIELD = {
  maxWait: contextTag(0),
  waitForMaxChanges: contextTag(1),
  includeBase: contextConstructedTag(2),
  excludeBase: contextConstructedTag(3),
  changeTypes: contextConstructedTag(4),
  continueOnMissingChanges: contextTag(5),
  pareEntriesForUserDn: contextTag(6),
  selection: contextConstructedTag(7),
  softDeletedEntryMods: contextTag(8),
  softDeletedEntryDeletes: contextTag(9),
} as const;

const SELECTION = {
  anyAttributes: contextConstructedTag(1),
  allAttributes: contextConstructedTag(2),
  ignoreAttributes: contextConstructedTag(3),
  notificationDestination: contextTag(4),
} as const;

/** The value of the request; defaults are left out, as DER has it. */
export function encodeChangelogBatchRequest(request: ChangelogBatchRequest): Buffer {
  const writer = new BerWriter(256);
  writer.begin(TAG.sequence);
  writeStart(writer, request.start);
  writer.integer(Math.max(request.maxChanges, 0));
  if ((request.maxWaitMs ?? 0) > 0) writer.integer(request.maxWaitMs ?? 0, FIELD.maxWait);
  writeFlag(writer, request.waitForMaxChanges, FIELD.waitForMaxChanges);
  writeList(writer, request.includeBases, FIELD.includeBase);
  writeList(writer, request.excludeBases, FIELD.excludeBase);
  if (request.changeTypes !== undefined && request.changeTypes.length > 0) {
    writer.begin(FIELD.changeTypes);
    for (const [number, type] of CHANGE_TYPES.entries())
      if (request.changeTypes.includes(type)) writer.enumerated(number);
    writer.end();
  }
  writeFlag(writer, request.continueOnMissingChanges, FIELD.continueOnMissingChanges);
  if (request.pareEntriesForUserDn !== undefined)
    writer.octets(request.pareEntriesForUserDn, FIELD.pareEntriesForUserDn);
  if (request.selection !== undefined) writeSelection(writer, request.selection);
  writeFlag(writer, request.includeSoftDeletedEntryMods, FIELD.softDeletedEntryMods);
  writeFlag(writer, request.includeSoftDeletedEntryDeletes, FIELD.softDeletedEntryDeletes);
  writer.end();
  return writer.finish();
}

/** Reads the value of the request, in the form `encodeChangelogBatchRequest` takes. @throws BerError */
export function parseChangelogBatchRequest(value: Buffer): ChangelogBatchRequest {
  const reader = new BerReader(value);
  reader.enter(TAG.sequence);
  const start = readStart(reader);
  const maxChanges = Math.max(reader.readInteger(), 0);
  const request: ChangelogBatchRequest = {
    start,
    maxChanges,
    ...ifTag(reader, FIELD.maxWait, (tag) => ({ maxWaitMs: Math.max(reader.readInteger(tag), 0) })),
    ...ifTag(reader, FIELD.waitForMaxChanges, (tag) => ({ waitForMaxChanges: reader.readBoolean(tag) })),
    ...ifTag(reader, FIELD.includeBase, (tag) => ({ includeBases: readList(reader, tag) })),
    ...ifTag(reader, FIELD.excludeBase, (tag) => ({ excludeBases: readList(reader, tag) })),
    ...ifTag(reader, FIELD.changeTypes, (tag) => ({ changeTypes: readChangeTypes(reader, tag) })),
    ...ifTag(reader, FIELD.continueOnMissingChanges, (tag) => ({
      continueOnMissingChanges: reader.readBoolean(tag),
    })),
    ...ifTag(reader, FIELD.pareEntriesForUserDn, (tag) => ({ pareEntriesForUserDn: reader.readString(tag) })),
    ...ifTag(reader, FIELD.selection, () => ({ selection: readSelection(reader) })),
    ...ifTag(reader, FIELD.softDeletedEntryMods, (tag) => ({
      includeSoftDeletedEntryMods: reader.readBoolean(tag),
    })),
    ...ifTag(reader, FIELD.softDeletedEntryDeletes, (tag) => ({
      includeSoftDeletedEntryDeletes: reader.readBoolean(tag),
    })),
  };
  reader.leave();
  reader.assertEnd();
  return request;
}

function writeStart(writer: BerWriter, start: ChangelogStart): void {
  switch (start.kind) {
    case 'token':
      writer.octets(start.token, START.token);
      break;
    case 'csn':
      writer.octets(start.csn, START.csn);
      break;
    case 'time':
      writer.octets(printGeneralizedTime(start.atMs, { fractionDigits: 3 }), START.time);
      break;
    default:
      writer.null(START[start.kind]);
  }
}

function readStart(reader: BerReader): ChangelogStart {
  const tag = reader.peekTag();
  switch (tag) {
    case START.token:
      return { kind: 'token', token: reader.readOctets(tag) };
    case START.csn:
      return { kind: 'csn', csn: reader.readString(tag) };
    case START.beginning:
      reader.readNull(tag);
      return { kind: 'beginning' };
    case START.end:
      reader.readNull(tag);
      return { kind: 'end' };
    case START.time:
      return { kind: 'time', atMs: readTime(reader, tag) };
    default:
      throw reader.invalid(
        `a starting point [0] to [4] expected, found ${tag === undefined ? 'nothing' : tagName(tag)}`,
      );
  }
}

function readTime(reader: BerReader, tag: number): number {
  const text = reader.readString(tag);
  try {
    return parseGeneralizedTime(text);
  } catch (error) {
    if (error instanceof LdapTextError) throw reader.invalid(error.message);
    throw error;
  }
}

function writeSelection(writer: BerWriter, selection: ChangelogSelection): void {
  writer.begin(FIELD.selection);
  switch (selection.kind) {
    case 'ignoreAttributes':
      writer.begin(SELECTION.ignoreAttributes);
      writer.begin(TAG.sequence);
      for (const name of selection.attributes) writer.octets(name);
      writer.end();
      writer.boolean(selection.ignoreOperational);
      writer.end();
      break;
    case 'notificationDestination':
      writer.octets(selection.entryUuid, SELECTION.notificationDestination);
      break;
    default:
      writer.begin(SELECTION[selection.kind]);
      for (const name of selection.attributes) writer.octets(name);
      writer.end();
  }
  writer.end();
}

function readSelection(reader: BerReader): ChangelogSelection {
  reader.enter(FIELD.selection);
  const tag = reader.peekTag();
  let selection: ChangelogSelection;
  switch (tag) {
    case SELECTION.anyAttributes:
    case SELECTION.allAttributes:
      selection = {
        kind: tag === SELECTION.anyAttributes ? 'anyAttributes' : 'allAttributes',
        attributes: readList(reader, tag),
      };
      break;
    case SELECTION.ignoreAttributes: {
      reader.enter(tag);
      const attributes = readList(reader, TAG.sequence);
      selection = { kind: 'ignoreAttributes', attributes, ignoreOperational: reader.readBoolean() };
      reader.leave();
      break;
    }
    case SELECTION.notificationDestination:
      selection = { kind: 'notificationDestination', entryUuid: reader.readString(tag) };
      break;
    default:
      throw reader.invalid(
        `change selection criteria [1] to [4] expected, found ${tag === undefined ? 'nothing' : tagName(tag)}`,
      );
  }
  reader.leave();
  return selection;
}

function readChangeTypes(reader: BerReader, tag: number): ChangelogChangeType[] {
  const types = new Set<ChangelogChangeType>();
  reader.enter(tag);
  while (reader.hasMore) {
    const number = reader.readEnumerated();
    const type = CHANGE_TYPES[number];
    if (type === undefined) throw reader.invalid(`a change type of 0 to 3 expected, found ${number}`);
    types.add(type);
  }
  reader.leave();
  return CHANGE_TYPES.filter((type) => types.has(type));
}

function writeFlag(writer: BerWriter, flag: boolean | undefined, tag: number): void {
  if (flag === true) writer.boolean(true, tag);
}

function writeList(writer: BerWriter, list: readonly string[] | undefined, tag: number): void {
  if (list === undefined || list.length === 0) return;
  writer.begin(tag);
  for (const item of list) writer.octets(item);
  writer.end();
}

function readList(reader: BerReader, tag: number): string[] {
  const list: string[] = [];
  reader.enter(tag);
  while (reader.hasMore) list.push(reader.readString());
  reader.leave();
  return list;
}

/** What `read` gives if the next element has the tag, else nothing. */
function ifTag<T extends object>(
  reader: BerReader,
  tag: number,
  read: (tag: number) => T,
): T | Record<never, never> {
  return reader.peekTag() === tag ? read(tag) : {};
}
