import {
  CodedError,
  flattenGroup,
  foldCase,
  groupAttribute,
  groupCustomName,
  type Uuid,
} from '@sallyport/model';
import type { BulkGroup } from '../record/group-records.ts';
import type { Session } from '../session.ts';
import { bulkGroup } from './bulk-groups.ts';
import { GROUP_COLUMNS, type GroupRow, readGroupRow } from './group-row.ts';
import { type GroupIndex, readGroupsBy } from './read-groups.ts';

const INDEXED: ReadonlyMap<string, GroupIndex> = new Map([
  ['id', 'id'],
  ['name', 'name_key'],
  ['externalId', 'external_id'],
]);

/**
 * Groups whose attribute is one of the values, by the attribute's own comparison, keyed by the value as asked. Id, name and
 * externalId have indexes; any other attribute costs a walk over the environment's groups for each call.
 * @throws CodedError UNKNOWN_ATTRIBUTE
 */
export function matchGroups(
  session: Session,
  environmentId: Uuid,
  attribute: string,
  values: readonly string[],
): ReadonlyMap<string, readonly BulkGroup[]> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined || values.length === 0) return new Map();
  const known = attribute === 'id' ? undefined : groupAttribute(attribute);
  const exact = attribute === 'id' || known?.caseSensitive === true;
  const form = (value: string): string => (exact ? value : foldCase(value));
  const asked = Map.groupBy(new Set(values), form);
  const matches = new Map<string, BulkGroup[]>();
  for (const row of candidates(session, environmentNo, attribute, [...asked.keys()])) {
    const group = bulkGroup(session, row);
    const own = attribute === 'id' ? [row.id] : (flattenGroup(row.profile)[attribute] ?? []);
    for (const value of new Set(own.map(form)))
      for (const one of asked.get(value) ?? []) {
        const found = matches.get(one);
        if (found === undefined) matches.set(one, [group]);
        else found.push(group);
      }
  }
  return matches;
}

function candidates(
  { reader }: Session,
  environmentNo: number,
  attribute: string,
  forms: readonly string[],
): readonly GroupRow[] {
  const indexed = INDEXED.get(attribute);
  if (indexed !== undefined) return readGroupsBy(reader, environmentNo, indexed, forms);
  const custom = groupCustomName(attribute);
  if (custom === undefined && groupAttribute(attribute) === undefined)
    throw new CodedError(
      'UNKNOWN_ATTRIBUTE',
      `Groups cannot be matched by ${JSON.stringify(attribute.slice(0, 80))}: choose name, externalId or another attribute that holds text`,
    );
  const path = custom === undefined ? `$."${attribute}"` : `$."customData"."${custom}"`;
  return reader
    .rows(
      `SELECT ${GROUP_COLUMNS} FROM groups WHERE environment_no = ? AND EXISTS (
         SELECT 1 FROM json_each(groups.attributes, ?) e WHERE fold_case(e.value) IN (SELECT value FROM json_each(?)))`,
      [environmentNo, path, JSON.stringify(forms)],
    )
    .map(readGroupRow);
}
