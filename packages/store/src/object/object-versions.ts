import type { Uuid } from '@sallyport/model';
import { readNumber, readText } from '../schema/decode.ts';
import type { Session } from '../session.ts';
import { type ObjectTable, selectObjectsBy } from './select-objects.ts';

/** Sequences of those that exist, by id: the cheapest question about many users or groups. */
export function objectVersions(
  session: Session,
  table: ObjectTable,
  environmentId: Uuid,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  const { reader, numbers } = session;
  const versions = new Map<string, number>();
  const environmentNo = numbers.readEnvironment(reader, environmentId);
  if (environmentNo === undefined) return versions;
  for (const row of selectObjectsBy(reader, table, environmentNo, 'id, sequence', 'id', ids))
    versions.set(readText(row[0]), readNumber(row[1]));
  return versions;
}
