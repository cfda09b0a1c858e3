import { foldCase, type Group, type GroupProfile, parseGroupProfile, type Uuid } from '@sallyport/model';
import { notFound } from '../list/not-found.ts';
import { takeSequences } from '../object/take-sequences.ts';
import { updateObjectRow } from '../object/update-object-row.ts';
import type { GroupEdit } from '../record/group-records.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { changedGroupColumns } from './changed-group-columns.ts';
import { findSharedUser, nameHolders, namesClash } from './group-names.ts';
import { assertEditable, nameTaken, sharedUser } from './group-refusals.ts';
import type { GroupRow } from './group-row.ts';
import { readGroupById, readWholeGroup } from './read-groups.ts';

/** What the source of an external group gave it, its display name, is no part of what people replace. */
export async function replaceGroup(
  session: Session,
  environmentId: Uuid,
  id: Uuid,
  profile: GroupProfile,
  edit: GroupEdit | undefined,
): Promise<Group> {
  const parsed = parseGroupProfile(profile);
  const { numbers } = session;
  return session.write(({ connection }) => {
    const environmentNo = numbers.environment(connection, environmentId);
    const before = readGroupById(connection, environmentNo, id);
    if (before === undefined) throw notFound('group', id);
    assertEditable(before, edit);
    const { displayName } = before.profile;
    const after = displayName === undefined ? parsed : { displayName, ...parsed };
    const columns = changedGroupColumns(before, after);
    if (columns.length > 0) {
      if (foldCase(after.name) !== foldCase(before.profile.name))
        assertNameFree(connection, environmentNo, before, after.name);
      const sequence = takeSequences(connection, environmentNo, 1);
      updateObjectRow(connection, 'groups', before.number, columns, sequence, Date.now());
    }
    const written = readWholeGroup(connection, numbers, environmentId, environmentNo, id);
    if (written === undefined) throw notFound('group', id);
    return written;
  });
}

function assertNameFree(connection: Connection, environmentNo: number, group: GroupRow, name: string): void {
  const key = foldCase(name);
  const others = nameHolders(connection, environmentNo, [key]).get(key) ?? [];
  const holder = others.find((one) => namesClash(one.populationNo, group.populationNo));
  if (holder !== undefined) throw nameTaken(name, holder.id);
  const shared = findSharedUser(
    connection,
    group.number,
    others.map((one) => one.number),
  );
  if (shared !== undefined) throw sharedUser(name, shared.userId);
}
