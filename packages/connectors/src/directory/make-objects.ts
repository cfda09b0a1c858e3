import type { ReadNeed } from '@sallyport/engine';
import type { ObjectType } from '@sallyport/model';
import type { WholeEntry } from './complete-ranges.ts';
import { type DirectoryContext, loginReferenceAttribute } from './directory-context.ts';
import { flattenMemberships } from './group/flatten.ts';
import { readMemberships } from './group/read-memberships.ts';
import { DirectoryObject, type ObjectParts } from './source-object.ts';

export interface TypedEntry extends WholeEntry {
  /** A user where absent. */
  readonly objectType?: ObjectType;
  readonly isBoth?: boolean;
}

const BOTH = {
  code: 'OBJECT_IS_USER_AND_GROUP',
  message:
    'The object classes of this entry say that it is a person and a group: take the class away that is wrong, or leave it out by the filter',
};

/**
 * Entries as the engine sees them, in the same order. `fingerprinted` says whether they were read with the attributes of
 * a full read. What takes a search (members by login name, primary groups, nested groups) is done here, once for all.
 */
export async function makeObjects(
  context: DirectoryContext,
  entries: readonly TypedEntry[],
  need: ReadNeed,
  fingerprinted: boolean,
  signal: AbortSignal,
): Promise<readonly DirectoryObject[]> {
  const { account, dialect, memberReading } = context;
  const withMembers = need.groups?.members === true;
  const loginAttribute = withMembers ? loginReferenceAttribute(context) : undefined;
  const primaryGroups =
    withMembers && memberReading.primaryGroups
      ? await context.lookups.primaryGroups(context, primaryNumbers(entries), signal)
      : undefined;
  const groups = withMembers ? entries.filter(({ objectType }) => objectType === 'group') : [];
  const direct = await readMemberships(context, groups, signal);
  const read = memberReading.flattened ? await flattenMemberships(context, groups, direct, signal) : direct;
  const memberships = new Map(groups.map(({ entry }, index) => [entry, read[index]]));

  const person: ObjectParts = {
    objectType: 'user',
    dialect,
    account,
    fingerprinted,
    loginAttribute,
    primaryGroups,
  };
  return entries.map(({ entry, completed, objectType = 'user', isBoth }) => {
    if (objectType === 'user' && completed === undefined && isBoth !== true)
      return new DirectoryObject(entry, person);
    const read = memberships.get(entry);
    const fault = isBoth === true ? BOTH : read?.fault;
    if (objectType === 'user') return new DirectoryObject(entry, { ...person, completed, fault });
    const { membership } = read ?? {};
    return new DirectoryObject(entry, {
      objectType,
      dialect,
      account,
      fingerprinted,
      completed,
      membership,
      fault,
    });
  });
}

function* primaryNumbers(entries: readonly TypedEntry[]): Generator<string, void> {
  for (const { entry, objectType } of entries)
    if (objectType !== 'group') yield entry.first('primaryGroupID') ?? '';
}
