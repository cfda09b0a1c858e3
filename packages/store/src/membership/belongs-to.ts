import { type RawBuilder, sql } from 'kysely';

/** Whose groups: a user, or a group. */
export type Belonging =
  | { readonly objectType: 'user'; readonly number: number }
  | { readonly objectType: 'group'; readonly number: number };

/** Numbers of the groups it was put into, as a subquery. */
export function directGroups({ objectType, number }: Belonging): RawBuilder<number> {
  return objectType === 'user'
    ? sql<number>`SELECT m.group_no FROM memberships m WHERE m.user_no = ${number}`
    : sql<number>`SELECT n.parent_no FROM group_nestings n WHERE n.child_no = ${number}`;
}

/**
 * Numbers of all groups it belongs to, directly or by way of others. UNION keeps each group once, so that circles end; a group
 * in a circle belongs to itself, which nobody wants to be told.
 */
export function allGroups(belonging: Belonging): RawBuilder<number> {
  const all = sql<number>`WITH RECURSIVE above (group_no) AS (
    ${directGroups(belonging)}
    UNION SELECT n.parent_no FROM above a CROSS JOIN group_nestings n ON n.child_no = a.group_no)
    SELECT group_no FROM above`;
  return belonging.objectType === 'user' ? all : sql<number>`${all} WHERE group_no <> ${belonging.number}`;
}
