import { readNumber, readOptionalNumber, readText } from '../schema/decode.ts';
import type { Connection } from '../sqlite/connection.ts';
import { selectGroupsBy } from './read-groups.ts';

/** Who has a name. */
export interface NameHolder {
  readonly number: number;
  readonly id: string;
  readonly populationNo: number | undefined;
}

/** Names by their key, all populations together. */
export function nameHolders(
  connection: Connection,
  environmentNo: number,
  keys: readonly string[],
): Map<string, NameHolder[]> {
  const holders = new Map<string, NameHolder[]>();
  for (const row of selectGroupsBy(
    connection,
    environmentNo,
    'name_key, number, id, population_no',
    'name_key',
    [...new Set(keys)],
  )) {
    const holder = {
      number: readNumber(row[1]),
      id: readText(row[2]),
      populationNo: readOptionalNumber(row[3]),
    };
    addHolder(holders, readText(row[0]), holder);
  }
  return holders;
}

export function addHolder(holders: Map<string, NameHolder[]>, key: string, holder: NameHolder): void {
  const known = holders.get(key);
  if (known === undefined) holders.set(key, [holder]);
  else known.push(holder);
}

/** Whether two groups of these populations cannot both have one name: only two populations can share it. */
export function namesClash(one: number | undefined, other: number | undefined): boolean {
  return one === other || one === undefined || other === undefined;
}

/** A user that is in one of `others` and in this group, with that other group; there should be none. */
export function findSharedUser(
  connection: Connection,
  groupNo: number,
  others: readonly number[],
): { readonly userId: string; readonly otherGroupNo: number } | undefined {
  if (others.length === 0) return undefined;
  const row = connection.row(
    `SELECT u.id, o.group_no FROM json_each(?) j CROSS JOIN memberships o ON o.group_no = j.value
       CROSS JOIN memberships m ON m.group_no = ? AND m.user_no = o.user_no
       CROSS JOIN users u ON u.number = m.user_no LIMIT 1`,
    [JSON.stringify(others), groupNo],
  );
  return row === undefined ? undefined : { userId: readText(row[0]), otherGroupNo: readNumber(row[1]) };
}
