import type { DirectoryLink, OperationOptions } from '../link/directory-link.ts';
import { makeClientError } from '../result/ldap-error.ts';
import { parseAttributeDescription } from './attribute-description.ts';
import { EntryBatch } from './entry-batch.ts';
import type { LazyEntry } from './lazy-entry.ts';

/** No attribute has this many slices; a server that keeps sending them is broken. */
const MAX_SLICES = 1_000_000;

/**
 * All values of an attribute, whether it came whole or as a first range (`member;range=0-1499`, as Active Directory
 * answers for long attributes): the rest is read slice by slice. Values are copies. Rejects with
 * `LDAP_RANGE_INCOMPLETE` if the rest cannot be had: never a shorter list.
 */
export async function completeRanges(
  link: DirectoryLink,
  entry: LazyEntry,
  attribute: string,
  options: OperationOptions = {},
): Promise<Buffer[]> {
  const { dn } = entry;
  const { type } = parseAttributeDescription(attribute);
  const values = entry.partialBytes(type).map((value) => Buffer.from(value));
  let range = entry.range(type);
  if (range !== undefined && range.first !== 0) {
    throw incomplete(dn, type, `the first range begins at value ${range.first}`);
  }
  for (let slice = 0; range !== undefined && range.last !== undefined; slice += 1) {
    const next = range.last + 1;
    if (values.length !== next)
      throw incomplete(dn, type, `${values.length} values came where ${next} were announced`);
    if (slice >= MAX_SLICES) throw incomplete(dn, type, `more than ${MAX_SLICES} ranges`);
    const found = await readSlice(link, dn, `${type};range=${next}-*`, options);
    if (found === undefined) throw incomplete(dn, type, 'the entry is no longer there');
    const sliceRange = found.range(type);
    if (sliceRange === undefined || sliceRange.first !== next) {
      throw incomplete(dn, type, `values from ${next} were asked for and did not come`);
    }
    for (const value of found.partialBytes(type)) values.push(Buffer.from(value));
    range = sliceRange;
  }
  return values;
}

async function readSlice(
  link: DirectoryLink,
  dn: string,
  attribute: string,
  options: OperationOptions,
): Promise<LazyEntry | undefined> {
  const stream = link.search(
    {
      base: dn,
      scope: 'base',
      filter: { kind: 'present', attribute: 'objectClass' },
      attributes: [attribute],
      ...(options.controls === undefined ? {} : { controls: options.controls }),
    },
    options.signal === undefined ? {} : { signal: options.signal },
  );
  let found: LazyEntry | undefined;
  for await (const bytes of stream) for (const entry of new EntryBatch(bytes).entries()) found ??= entry;
  return found;
}

function incomplete(dn: string, attribute: string, reason: string): Error {
  return makeClientError('LDAP_RANGE_INCOMPLETE', `${attribute} of ${dn} could not be read whole: ${reason}`);
}
