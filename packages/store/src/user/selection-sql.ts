import { CodedError, foldCase, type Selection } from '@sallyport/model';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { textHash } from '../schema/text-hash.ts';
import { type AttributeColumn, userColumn } from './attribute-sql.ts';

type Condition = RawBuilder<SqlBool>;
type Comparison = Extract<Selection, { kind: 'compare' }>;

const NEVER: Condition = sql`1 = 0`;
const MAX_DEPTH = 200;

/**
 * A selection as a condition, every value a parameter; `columnOf` says where attributes lie. An attribute that is not there
 * makes a comparison NULL, which WHERE takes as no; a negation says `IS NOT TRUE`, so that it takes it as no too, and equality
 * on an indexed column stays bare for the planner to see.
 * @throws CodedError UNKNOWN_ATTRIBUTE, INVALID_FILTER
 */
export function selectionSql(
  selection: Selection,
  environmentNo: number,
  columnOf: (path: string) => AttributeColumn = userColumn,
  depth = 0,
): Condition {
  if (depth > MAX_DEPTH) throw invalid('', `Conditions are nested more than ${MAX_DEPTH} deep`);
  const joined = (parts: readonly Selection[], word: ' AND ' | ' OR '): Condition =>
    sql`(${sql.join(
      parts.map((part) => selectionSql(part, environmentNo, columnOf, depth + 1)),
      sql.raw(word),
    )})`;
  switch (selection.kind) {
    case 'and':
      return selection.of.length === 0 ? sql`1 = 1` : joined(selection.of, ' AND ');
    case 'or':
      return selection.of.length === 0 ? NEVER : joined(selection.of, ' OR ');
    case 'not':
      return negated(selectionSql(selection.of, environmentNo, columnOf, depth + 1));
    case 'present':
      return presentSql(columnOf(selection.attribute));
    case 'compare':
      return compareSql(selection, environmentNo, columnOf(selection.attribute));
  }
}

const negated = (condition: Condition): Condition => sql`((${condition}) IS NOT TRUE)`;

function presentSql(column: AttributeColumn): Condition {
  switch (column.kind) {
    case 'text':
    case 'object':
    case 'population':
      return sql`(${column.value}) IS NOT NULL`;
    case 'boolean':
    case 'time':
      return sql`1 = 1`;
    case 'groups':
      return sql`EXISTS (SELECT 1 FROM memberships WHERE user_no = ${column.value})`;
    case 'custom':
      return sql`(json_type(${column.value}, ${column.path}) <> 'null' AND ${column.value} -> ${column.path} <> '[]')`;
  }
}

function compareSql(comparison: Comparison, environmentNo: number, column: AttributeColumn): Condition {
  const { operator, value } = comparison;
  if (operator === 'ne') return negated(compareSql({ ...comparison, operator: 'eq' }, environmentNo, column));
  if (value === null) return operator === 'eq' ? negated(presentSql(column)) : NEVER;
  switch (column.kind) {
    case 'text': {
      const text = column.caseSensitive ? String(value) : foldCase(String(value));
      // The hash leads to the row; the comparison of the text itself decides.
      if (column.hash !== undefined && operator === 'eq')
        return sql`(${column.hash} = ${textHash(text)} AND ${column.value} = ${text})`;
      return textSql(column.value, operator, text);
    }
    case 'boolean':
      return booleanSql(column.value, comparison);
    case 'time':
      return timeSql(column.value, comparison);
    case 'population':
      return populationSql(column.value, operator, String(value), environmentNo);
    case 'groups':
      if (operator !== 'eq')
        throw invalid(comparison.attribute, `${comparison.attribute} can be compared with eq and ne only`);
      return groupsSql(column.value, String(value), environmentNo);
    case 'custom':
      return customSql(column, operator, value);
    case 'object':
      throw invalid(
        comparison.attribute,
        `${comparison.attribute} is an object: compare one of its parts, or ask with pr whether it is there`,
      );
  }
}

type Order = 'gt' | 'ge' | 'lt' | 'le';
const SIGNS: Readonly<Record<Order, RawBuilder<unknown>>> = {
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
};

function textSql(left: RawBuilder<unknown>, operator: Comparison['operator'], value: string): Condition {
  switch (operator) {
    case 'eq':
      return sql`${left} = ${value}`;
    case 'ne':
      return negated(sql`${left} = ${value}`);
    case 'sw':
      // The range is what an index can use; the rest of the condition says exactly what is meant.
      return sql`(${left} >= ${value} AND ${left} < ${`${value}\u{10ffff}`} AND substr(${left}, 1, length(${value})) = ${value})`;
    case 'ew':
      return sql`(length(${left}) >= length(${value}) AND substr(${left}, length(${left}) - length(${value}) + 1) = ${value})`;
    case 'co':
      return sql`instr(${left}, ${value}) > 0`;
    default:
      return sql`${left} ${SIGNS[operator]} ${value}`;
  }
}

function booleanSql(left: RawBuilder<number>, { attribute, operator, value }: Comparison): Condition {
  const wanted = typeof value === 'boolean' ? value : readBoolean(value);
  if (operator !== 'eq' || wanted === undefined)
    throw invalid(attribute, `${attribute} is true or false: compare it with eq or ne to one of these`);
  return sql`${left} = ${wanted ? 1 : 0}`;
}

function readBoolean(value: Comparison['value']): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function timeSql(left: RawBuilder<number>, { attribute, operator, value }: Comparison): Condition {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || operator === 'sw' || operator === 'ew' || operator === 'co' || operator === 'ne')
    throw invalid(
      attribute,
      `${attribute} is a time: compare it with eq, ne, gt, ge, lt or le to 2026-11-02T08:15:30Z`,
    );
  return operator === 'eq' ? sql`${left} = ${time}` : sql`${left} ${SIGNS[operator]} ${time}`;
}

function populationSql(
  left: RawBuilder<number>,
  operator: Comparison['operator'],
  value: string,
  environmentNo: number,
): Condition {
  const populations = sql`FROM populations p WHERE p.environment_no = ${environmentNo}`;
  if (operator === 'eq')
    return sql`${left} = (SELECT p.number ${populations} AND p.id = ${value.toLowerCase()})`;
  return textSql(sql`(SELECT p.id ${populations} AND p.number = ${left})`, operator, value);
}

/** Everybody in the group and in all groups below it, found from the group: what the planner can start from. UNION ends in circles too. */
function groupsSql(left: RawBuilder<number>, value: string, environmentNo: number): Condition {
  return sql`${left} IN (SELECT m.user_no FROM memberships m WHERE m.group_no IN (
    WITH RECURSIVE below (group_no) AS (
      SELECT g.number FROM groups g WHERE g.environment_no = ${environmentNo} AND g.id = ${value.toLowerCase()}
      UNION SELECT n.child_no FROM below b CROSS JOIN group_nestings n ON n.parent_no = b.group_no)
    SELECT group_no FROM below))`;
}

/** True if any of the attribute's values compares so; texts without case, numbers and booleans as what they are. */
function customSql(
  column: Extract<AttributeColumn, { kind: 'custom' }>,
  operator: Comparison['operator'],
  value: string | number | boolean,
): Condition {
  const values = sql`FROM json_each(${column.value}, ${column.path}) AS e WHERE json_type(${column.value}, ${column.path}) <> 'object'`;
  if (typeof value === 'boolean')
    return operator === 'eq' ? sql`EXISTS (SELECT 1 ${values} AND e.type = ${String(value)})` : NEVER;
  if (typeof value === 'number') {
    if (operator === 'sw' || operator === 'ew' || operator === 'co' || operator === 'ne') return NEVER;
    const sign = operator === 'eq' ? sql`=` : SIGNS[operator];
    return sql`EXISTS (SELECT 1 ${values} AND e.type IN ('integer', 'real') AND e.value ${sign} ${value})`;
  }
  return sql`EXISTS (SELECT 1 ${values} AND e.type = 'text' AND ${textSql(sql`fold_case(e.value)`, operator, foldCase(value))})`;
}

function invalid(target: string, message: string): CodedError {
  return new CodedError('INVALID_FILTER', message, {
    details: [{ code: 'INVALID_FILTER', target, message }],
  });
}
