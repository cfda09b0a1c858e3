import { CodedError, isCustomAttributeName, userAttribute } from '@sallyport/model';
import { type RawBuilder, sql } from 'kysely';

/** How one attribute path is found in a user's row. */
export type UserColumn =
  /** One text, or NULL. Where `caseSensitive` is false the expression is in the form of `foldCase`. */
  | { readonly kind: 'text'; readonly value: RawBuilder<string>; readonly caseSensitive: boolean }
  /** 0 or 1, never NULL. */
  | { readonly kind: 'boolean'; readonly value: RawBuilder<number> }
  /** Epoch ms, never NULL. */
  | { readonly kind: 'time'; readonly value: RawBuilder<number> }
  /** The id of the population, as a subquery where it is not compared for equality. */
  | { readonly kind: 'population' }
  /** An object of the API (`name`, `address`, `photo`): it can only be asked whether it is there. */
  | { readonly kind: 'object'; readonly value: RawBuilder<string> }
  /** A custom attribute: text, number, boolean, or a list of them. `path` is its JSON path. */
  | { readonly kind: 'custom'; readonly path: string };

const text = (value: RawBuilder<string>, caseSensitive: boolean): UserColumn => ({
  kind: 'text',
  value,
  caseSensitive,
});

const COLUMNS: ReadonlyMap<string, UserColumn> = new Map<string, UserColumn>([
  ['id', text(sql`users.id`, true)],
  ['username', text(sql`users.username_key`, false)],
  ['email', text(sql`fold_case(users.email)`, false)],
  ['externalId', text(sql`users.external_id`, true)],
  ['population.id', { kind: 'population' }],
  ['enabled', { kind: 'boolean', value: sql`users.enabled` }],
  ['mfaEnabled', { kind: 'boolean', value: sql`coalesce(users.state ->> 'mfaEnabled', 0)` }],
  ['emailVerified', { kind: 'boolean', value: sql`coalesce(users.state ->> 'emailVerified', 0)` }],
  [
    'lifecycle.status',
    text(sql`fold_case(coalesce(users.state ->> 'lifecycleStatus', 'ACCOUNT_OK'))`, false),
  ],
  ['verifyStatus', text(sql`fold_case(coalesce(users.state ->> 'verifyStatus', 'NOT_INITIATED'))`, false)],
  ['createdAt', { kind: 'time', value: sql`users.created_at` }],
  ['updatedAt', { kind: 'time', value: sql`users.updated_at` }],
  ...['name', 'address', 'photo'].map(
    (name) => [name, { kind: 'object', value: sql<string>`users.attributes -> ${sql.lit(name)}` }] as const,
  ),
]);

/** @throws CodedError UNKNOWN_ATTRIBUTE */
export function userColumn(path: string): UserColumn {
  const column = COLUMNS.get(path);
  if (column !== undefined) return column;
  const known = userAttribute(path);
  if (known !== undefined) {
    const parent = known.parent === undefined ? sql`` : sql` -> ${sql.lit(known.parent)}`;
    const value = sql<string>`users.attributes${parent} ->> ${sql.lit(known.leaf)}`;
    return known.caseSensitive ? text(value, true) : text(sql`fold_case(${value})`, false);
  }
  // The name is letters, digits, hyphens and underscores: nothing in it needs escaping.
  if (isCustomAttributeName(path)) return { kind: 'custom', path: `$."${path}"` };
  throw new CodedError(
    'UNKNOWN_ATTRIBUTE',
    `Users cannot be selected by ${JSON.stringify(path.slice(0, 80))}`,
    {
      details: [{ code: 'INVALID_FILTER', target: path, message: `${path} is not an attribute of users` }],
    },
  );
}
