import { CodedError, flattenProfile, foldCase, type Uuid } from '@sallyport/model';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { readText } from '../schema/decode.ts';
import { textHash } from '../schema/text-hash.ts';
import type { Session } from '../session.ts';
import type { BulkUser } from '../store.ts';
import { type AttributeColumn, userColumn } from './attribute-sql.ts';
import { bulkUser } from './bulk-read.ts';
import { readUsersBy, type UserIndex } from './read-users.ts';
import type { UserRow } from './user-row.ts';

const INDEXED: ReadonlyMap<string, UserIndex> = new Map([
  ['id', 'id'],
  ['username', 'username_key'],
  ['email', 'email_hash'],
  ['externalId', 'external_id'],
]);

/**
 * Users whose attribute is one of the values, by the attribute's own comparison, keyed by the value as asked. Id, username,
 * e-mail and externalId have indexes; any other attribute costs a walk over the environment's users for each call.
 * @throws CodedError UNKNOWN_ATTRIBUTE
 */
export async function matchUsers(
  session: Session,
  environmentId: Uuid,
  attribute: string,
  values: readonly string[],
): Promise<ReadonlyMap<string, readonly BulkUser[]>> {
  const environmentNo = session.numbers.readEnvironment(session.reader, environmentId);
  if (environmentNo === undefined || values.length === 0) return new Map();
  const column = userColumn(attribute);
  const caseSensitive = column.kind === 'text' && column.caseSensitive;
  const form = (value: string): string => (caseSensitive ? value : foldCase(value));
  const asked = Map.groupBy(new Set(values), form);
  const forms = [...asked.keys()];
  const indexed = INDEXED.get(attribute);
  const rows =
    indexed === undefined
      ? await scan(session, environmentNo, attribute, column, forms)
      : readUsersBy(
          session.reader,
          environmentNo,
          indexed,
          indexed === 'email_hash' ? forms.map(textHash) : forms,
        );
  const matches = new Map<string, BulkUser[]>();
  for (const row of rows) {
    const user = bulkUser(session, row);
    for (const value of new Set(valuesOf(row, attribute).map(form)))
      for (const one of asked.get(value) ?? []) {
        const found = matches.get(one);
        if (found === undefined) matches.set(one, [user]);
        else found.push(user);
      }
  }
  return matches;
}

function valuesOf(row: UserRow, attribute: string): readonly string[] {
  return attribute === 'id' ? [row.id] : (flattenProfile(row.profile)[attribute] ?? []);
}

async function scan(
  session: Session,
  environmentNo: number,
  attribute: string,
  column: AttributeColumn,
  forms: readonly string[],
): Promise<readonly UserRow[]> {
  const rows = await session.db
    .selectFrom('users')
    .select('id')
    .where('environment_no', '=', environmentNo)
    .where(scanCondition(attribute, column, JSON.stringify(forms)))
    .execute();
  return readUsersBy(
    session.reader,
    environmentNo,
    'id',
    rows.map((row) => readText(row.id)),
  );
}

function scanCondition(attribute: string, column: AttributeColumn, forms: string): RawBuilder<SqlBool> {
  const asked = sql`(SELECT value FROM json_each(${forms}))`;
  if (column.kind === 'text') return sql`${column.value} IN ${asked}`;
  if (column.kind === 'custom')
    return sql`EXISTS (SELECT 1 FROM json_each(users.attributes, ${column.path}) AS e WHERE fold_case(e.value) IN ${asked})`;
  throw new CodedError(
    'UNKNOWN_ATTRIBUTE',
    `Users cannot be matched by ${attribute}: choose an attribute that holds text, such as username or externalId`,
  );
}
