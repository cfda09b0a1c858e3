import { objectVersions } from '../object/object-versions.ts';
import type { GroupStore } from '../record/group-records.ts';
import type { Session } from '../session.ts';
import type { Connection } from '../sqlite/connection.ts';
import { connectionOf } from '../sync/open-transactions.ts';
import { readGroups } from './bulk-groups.ts';
import { createGroup } from './create-group.ts';
import { getGroup } from './get-group.ts';
import { groupChangesSince } from './group-changes-since.ts';
import { listGroups } from './list-groups.ts';
import { makeOrdinary } from './make-ordinary.ts';
import { matchGroups } from './match-groups.ts';
import { removeGroup } from './remove-groups.ts';
import { replaceGroup } from './replace-group.ts';
import { totalUsers } from './total-users.ts';
import { writeGroups } from './write-groups.ts';

export function makeGroupStore(s: Session): GroupStore {
  return {
    create: (group) => createGroup(s, group),
    get: async (environmentId, id) => getGroup(s, environmentId, id),
    list: (environmentId, request) => listGroups(s, environmentId, request),
    replace: (environmentId, id, profile, edit) => replaceGroup(s, environmentId, id, profile, edit),
    remove: (environmentId, id, edit) => removeGroup(s, environmentId, id, edit),
    totalUsers: async (environmentId, id) => totalUsers(s, environmentId, id),
    makeOrdinary: (environmentId, ruleId) => makeOrdinary(s, environmentId, ruleId),
    changesSince: async (environmentId, sequence, limit) =>
      groupChangesSince(s, environmentId, sequence, limit),
    versions: async (environmentId, ids) => objectVersions(s, 'groups', environmentId, ids),
    readMany: async (environmentId, ids) => readGroups(s, environmentId, ids),
    match: async (environmentId, attribute, values) => matchGroups(s, environmentId, attribute, values),
    writeMany: async (environmentId, writes, transaction) => {
      const write = (connection: Connection) =>
        writeGroups(connection, s.numbers, s.groupLimits, environmentId, writes);
      return transaction === undefined
        ? s.write(({ connection }) => write(connection))
        : write(connectionOf(transaction));
    },
  };
}
