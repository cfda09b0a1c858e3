import {
  type AttributeValues,
  CONTROL_OID,
  DIR_SYNC_FLAG,
  type DirSyncRequest,
  findControl,
  makeDirSyncResponseControl,
  parseDirSyncRequestControl,
  printObjectGuid,
  RESULT_CODE,
} from '@sallyport/ldap';
import { utf8 } from '../core/attribute-values.ts';
import type { DirectoryEntry } from '../core/directory-entry.ts';
import type { DirectoryManner } from '../core/directory-manner.ts';
import { makeMatcher } from '../core/find-entries.ts';
import type { SearchJob } from '../core/search-job.ts';
import type { AdDomain } from './ad-domain.ts';
import { extendedForm, shownDn } from './ad-read.ts';
import { adRefusals } from './ad-refusals.ts';
import { adValues, extendedDn } from './ad-values.ts';

const signature = 'MSDS';
/** signature, version, invocationId, from, up to, position (depth and sequence) */
const cookieLength = 4 + 4 + 16 + 4 * 8;

interface Position {
  /** Changes up to this number are known to the client. */
  readonly from: number;
  /** This sweep goes up to here; 0 = it has not begun. */
  readonly upTo: number;
  readonly afterDepth: number;
  readonly afterSequence: number;
}

/** What never leaves through a change feed, or is part of every object of it. */
const unlisted: ReadonlySet<string> = new Set(['unicodepwd', 'objectguid', 'instancetype']);

/** Answers a search with the DirSync control ([MS-ADTS] 3.1.1.3.4.1.3). */
export async function answerDirSync(
  domain: AdDomain,
  manner: DirectoryManner,
  job: SearchJob,
): Promise<void> {
  const control = findControl(job.controls, CONTROL_OID.dirSync);
  if (control === undefined) return;
  const request = parseDirSyncRequestControl(control);
  manner.assertMaySearch(job.caller);
  const base = manner.locate(job.caller, job.request.base, job.controls);
  assertAllowed(domain, job, request, base);
  const start = readCookie(domain, request.cookie);
  const upTo = start.upTo === 0 ? domain.store.sequence : start.upTo;
  const byDepth = (request.flags & DIR_SYNC_FLAG.ancestorsFirstOrder) !== 0;
  const key = (entry: DirectoryEntry) => (byDepth ? entry.depth : 0);
  const pending = [...domain.store.changedSince(start.from + 1)].filter(
    (entry) =>
      entry.changedSequence <= upTo &&
      (key(entry) > start.afterDepth ||
        (key(entry) === start.afterDepth && entry.changedSequence > start.afterSequence)),
  );
  if (byDepth) pending.sort((a, b) => a.depth - b.depth || a.changedSequence - b.changedSequence);
  const matches = makeMatcher(manner, manner.rewrite(job.request.filter));
  const maxBytes = Math.min(
    request.maxBytes === 0 ? Number.POSITIVE_INFINITY : request.maxBytes,
    domain.options.dirSyncMaxBytes,
  );
  let bytes = 0;
  let position: Position = { ...start, upTo };
  let more = false;
  for (const entry of pending) {
    if (bytes >= maxBytes) {
      more = true;
      break;
    }
    const attributes = changedAttributes(domain, job, request, entry, start.from, matches, base);
    position = { ...position, afterDepth: key(entry), afterSequence: entry.changedSequence };
    if (attributes === undefined) continue;
    bytes += sizeOf(entry.dn, attributes);
    if (!(await job.sendEntry(shownDn(entry, job.controls), attributes))) return;
  }
  const end = more ? position : { from: upTo, upTo: 0, afterDepth: 0, afterSequence: 0 };
  job.exchange.finish({
    resultCode: RESULT_CODE.success,
    controls: [makeDirSyncResponseControl({ moreResults: more, cookie: writeCookie(domain, end) })],
  });
}

function assertAllowed(
  domain: AdDomain,
  job: SearchJob,
  request: DirSyncRequest,
  base: DirectoryEntry,
): void {
  // Only a whole naming context can be followed, and only in full depth.
  if (base.contextDn === undefined || job.request.scope !== 'sub') adRefusals.noReplicationRight();
  const isSecuredByObject = (request.flags & DIR_SYNC_FLAG.objectSecurity) !== 0;
  if (!isSecuredByObject && !job.caller.rights.replicate) adRefusals.noReplicationRight();
  if (
    base.context !== domain.head &&
    base.context !== domain.configuration &&
    base.context !== domain.schemaContainer
  ) {
    adRefusals.noReplicationRight();
  }
}

/** The attributes of an object that the client does not know yet; undefined when there is nothing to tell. */
function changedAttributes(
  domain: AdDomain,
  job: SearchJob,
  request: DirSyncRequest,
  entry: DirectoryEntry,
  from: number,
  matches: (entry: DirectoryEntry) => boolean,
  base: DirectoryEntry,
): AttributeValues<Buffer>[] | undefined {
  // With per-object security deleted objects come only to those who may read their container.
  const isSecuredByObject = (request.flags & DIR_SYNC_FLAG.objectSecurity) !== 0;
  if (isSecuredByObject && domain.isTombstone(entry) && !job.caller.rights.readDeleted) return undefined;
  // A domain's feed also shows the heads of the configuration and schema contexts.
  if (entry.context !== base && entry.contextDn === undefined) return undefined;
  if (domain.isDeletedObjectsContainer(entry) || !matches(entry)) return undefined;
  const isNew = entry.createdSequence > from;
  const listed = listedKeys(job.request.attributes);
  const wants = (key: string) => listed === undefined || listed.has(key);
  const result: AttributeValues<Buffer>[] = [];
  const push = (type: string, values: readonly Buffer[]) =>
    result.push({ type, values: job.request.typesOnly ? [] : values });
  for (const [key, stored] of entry.attributes) {
    if (stored.sequence <= from || unlisted.has(key) || !wants(key)) continue;
    if (stored.values.length === 0 && isNew) continue;
    push(stored.name, stored.values);
  }
  const isIncremental = (request.flags & DIR_SYNC_FLAG.incrementalValues) !== 0;
  for (const key of entry.links.keys())
    if (wants(key)) pushLinks(domain, job, entry, key, from, isIncremental, push);
  if (result.length === 0) return undefined;
  const isNameTold = result.some(({ type }) => type.toLowerCase() === 'name');
  if (isNameTold && wants('parentguid')) push('parentGUID', adValues(domain, entry, 'parentguid'));
  push('objectGUID', entry.values('objectguid'));
  push('instanceType', entry.values('instancetype'));
  return result;
}

function pushLinks(
  domain: AdDomain,
  job: SearchJob,
  entry: DirectoryEntry,
  key: string,
  from: number,
  isIncremental: boolean,
  push: (type: string, values: readonly Buffer[]) => void,
): void {
  const { name } = domain.rule(key);
  const form = extendedForm(job.controls);
  const show = (target: DirectoryEntry) =>
    utf8(form === undefined ? target.dn : extendedDn(target, form, printObjectGuid));
  const changed = [...(entry.links.get(key) ?? [])].filter(([, state]) => state.sequence > from);
  if (changed.length === 0) return;
  if (!isIncremental) {
    push(name, Array.from(entry.linkTargets(key), show));
    return;
  }
  const added = changed.filter(([, state]) => state.present).map(([target]) => show(target));
  const removed = changed.filter(([, state]) => !state.present).map(([target]) => show(target));
  if (added.length > 0) push(`${name};range=1-1`, added);
  // A client that has never seen the object has nothing to remove from.
  if (removed.length > 0 && entry.createdSequence <= from) push(`${name};range=0-0`, removed);
}

/** Lower-case names asked for; undefined = all. A list with `*` beside names is not understood, as with the original. */
function listedKeys(attributes: readonly string[]): ReadonlySet<string> | undefined {
  if (attributes.length === 0 || (attributes.length === 1 && attributes[0] === '*')) return undefined;
  return new Set(attributes.map((name) => name.toLowerCase()));
}

function sizeOf(dn: string, attributes: readonly AttributeValues<Buffer>[]): number {
  let size = dn.length + 16;
  for (const { type, values } of attributes) {
    size += type.length + 8;
    for (const value of values) size += value.length + 4;
  }
  return size;
}

function writeCookie(domain: AdDomain, position: Position): Buffer {
  const cookie = Buffer.alloc(cookieLength);
  cookie.write(signature);
  cookie.writeUInt32LE(3, 4);
  domain.invocationId.copy(cookie, 8);
  const numbers = [position.from, position.upTo, position.afterDepth, position.afterSequence];
  for (const [index, number] of numbers.entries()) cookie.writeBigUInt64LE(BigInt(number), 24 + index * 8);
  return cookie;
}

/** A cookie of another domain controller (or of this one before a restore) means: from the beginning, with duplicates. */
function readCookie(domain: AdDomain, cookie: Buffer): Position {
  const beginning: Position = { from: 0, upTo: 0, afterDepth: 0, afterSequence: 0 };
  if (cookie.length === 0) return beginning;
  if (cookie.length !== cookieLength || cookie.toString('latin1', 0, 4) !== signature)
    return adRefusals.badDirSyncCookie();
  if (!cookie.subarray(8, 24).equals(domain.invocationId)) return beginning;
  const number = (index: number) => Number(cookie.readBigUInt64LE(24 + index * 8));
  return { from: number(0), upTo: number(1), afterDepth: number(2), afterSequence: number(3) };
}
