import { CodedError, isCustomAttributeName, userAttribute } from '@sallyport/model';
import { type RawBuilder, sql } from 'kysely';

/** How one attribute path is found in the row of a user, or of a group. */
export type AttributeColumn =
  /**
   * One text, or NULL. Where `caseSensitive` is false the expression is in the form of `foldCase`. `hash` leads to it by an
   * index: see schema/text-hash.ts.
   */
  | {
      readonly kind: 'text';
      readonly value: RawBuilder<string>;
      readonly caseSensitive: boolean;
      readonly hash?: RawBuilder<number>;
    }
  /** 0 or 1, never NULL. */
  | { readonly kind: 'boolean'; readonly value: RawBuilder<number> }
  /** Epoch ms, never NULL. */
  | { readonly kind: 'time'; readonly value: RawBuilder<number> }
  /** The number of the population; its id by a subquery. */
  | { readonly kind: 'population'; readonly value: RawBuilder<number> }
  /** The groups that a user belongs to, by id: directly, or by way of others. `value` is the user's number. */
  | { readonly kind: 'groups'; readonly value: RawBuilder<number> }
  /** An object of the API (`name`, `address`, `photo`): it can only be asked whether it is there. */
  | { readonly kind: 'object'; readonly value: RawBuilder<string> }
  /** A custom attribute: text, number, boolean, or a list of them. `path` is its JSON path in `value`. */
  | { readonly kind: 'custom'; readonly value: RawBuilder<string>; readonly path: string };

const text = (value: RawBuilder<string>, caseSensitive: boolean): AttributeColumn => ({
  kind: 'text',
  value,
  caseSensitive,
});

const COLUMNS: ReadonlyMap<string, AttributeColumn> = new Map<string, AttributeColumn>([
  ['id', text(sql`users.id`, true)],
  ['username', text(sql`users.username_key`, false)],
  [
    'email',
    { kind: 'text', value: sql`fold_case(users.email)`, caseSensitive: false, hash: sql`users.email_hash` },
  ],
  ['externalId', text(sql`users.external_id`, true)],
  ['population.id', { kind: 'population', value: sql`users.population_no` }],
  ['memberOfGroups.id', { kind: 'groups', value: sql`users.number` }],
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
export function userColumn(path: string): AttributeColumn {
  const column = COLUMNS.get(path);
  if (column !== undefined) return column;
  const known = userAttribute(path);
  if (known !== undefined) {
    const parent = known.parent === undefined ? sql`` : sql` -> ${sql.lit(known.parent)}`;
    const value = sql<string>`users.attributes${parent} ->> ${sql.lit(known.leaf)}`;
    return known.caseSensitive ? text(value, true) : text(sql`fold_case(${value})`, false);
  }
  // The name is letters, digits, hyphens and underscores: nothing in it needs escaping.
  if (isCustomAttributeName(path))
    return { kind: 'custom', value: sql`users.attributes`, path: `$."${path}"` };
  throw new CodedError(
    'UNKNOWN_ATTRIBUTE',
    `Users cannot be selected by ${JSON.stringify(path.slice(0, 80))}`,
    {
      details: [{ code: 'INVALID_FILTER', target: path, message: `${path} is not an attribute of users` }],
    },
  );
}
