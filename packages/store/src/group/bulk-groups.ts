import type { Uuid } from '@sallyport/model';
import type { BulkGroup } from '../record/group-records.ts';
import type { Session } from '../session.ts';
import type { GroupRow } from './group-row.ts';
import { readGroupsBy } from './read-groups.ts';

export function readGroups(
  session: Session,
  environmentId: Uuid,
  ids: readonly string[],
): ReadonlyMap<string, BulkGroup> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined) return new Map();
  const rows = readGroupsBy(session.reader, environmentNo, 'id', ids);
  return new Map(rows.map((row) => [row.id, bulkGroup(session, row)]));
}

export function bulkGroup(session: Session, row: GroupRow): BulkGroup {
  return {
    id: row.id,
    version: row.sequence,
    populationId:
      row.populationNo === undefined
        ? undefined
        : session.numbers.populationId(session.reader, row.populationNo),
    profile: row.profile,
    source: row.source,
  };
}
