import { CodedError, foldCase, type Selection } from '@sallyport/model';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { textHash } from '../schema/text-hash.ts';
import { type UserColumn, userColumn } from './attribute-sql.ts';

type Condition = RawBuilder<SqlBool>;
type Comparison = Extract<Selection, { kind: 'compare' }>;

const NEVER: Condition = sql`1 = 0`;
const MAX_DEPTH = 200;

/**
 * A selection as a condition on `users`, every value a parameter. An attribute that is not there makes a comparison
 * NULL, which WHERE takes as no; a negation says `IS NOT TRUE`, so that it takes it as no too, and equality on an indexed
 * column stays bare for the planner to see.
 * @throws CodedError UNKNOWN_ATTRIBUTE, INVALID_FILTER
 */
export function selectionSql(selection: Selection, environmentNo: number, depth = 0): Condition {
  if (depth > MAX_DEPTH) throw invalid('', `Conditions are nested more than ${MAX_DEPTH} deep`);
  switch (selection.kind) {
    case 'and':
      return joined(selection.of, environmentNo, depth, ' AND ', sql`1 = 1`);
    case 'or':
      return joined(selection.of, environmentNo, depth, ' OR ', NEVER);
    case 'not':
      return negated(selectionSql(selection.of, environmentNo, depth + 1));
    case 'present':
      return presentSql(userColumn(selection.attribute));
    case 'compare':
      return compareSql(selection, environmentNo);
  }
}

function joined(
  parts: readonly Selection[],
  environmentNo: number,
  depth: number,
  word: ' AND ' | ' OR ',
  none: Condition,
): Condition {
  if (parts.length === 0) return none;
  return sql`(${sql.join(
    parts.map((part) => selectionSql(part, environmentNo, depth + 1)),
    sql.raw(word),
  )})`;
}

const negated = (condition: Condition): Condition => sql`((${condition}) IS NOT TRUE)`;

function presentSql(column: UserColumn): Condition {
  switch (column.kind) {
    case 'text':
    case 'object':
      return sql`(${column.value}) IS NOT NULL`;
    case 'boolean':
    case 'time':
    case 'population':
      return sql`1 = 1`;
    case 'custom':
      return sql`(json_type(users.attributes, ${column.path}) <> 'null' AND users.attributes -> ${column.path} <> '[]')`;
  }
}

function compareSql(comparison: Comparison, environmentNo: number): Condition {
  const column = userColumn(comparison.attribute);
  const { operator, value } = comparison;
  if (operator === 'ne') return negated(compareSql({ ...comparison, operator: 'eq' }, environmentNo));
  if (value === null) return operator === 'eq' ? negated(presentSql(column)) : NEVER;
  switch (column.kind) {
    case 'text':
      // The hash leads to the row; the comparison of the address itself decides.
      if (comparison.attribute === 'email' && operator === 'eq')
        return sql`(users.email_hash = ${textHash(foldCase(String(value)))} AND ${column.value} = ${foldCase(String(value))})`;
      return textSql(column.value, operator, column.caseSensitive ? String(value) : foldCase(String(value)));
    case 'boolean':
      return booleanSql(column.value, comparison);
    case 'time':
      return timeSql(column.value, comparison);
    case 'population':
      return populationSql(operator, String(value), environmentNo);
    case 'custom':
      return customSql(column.path, operator, value);
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

function populationSql(operator: Comparison['operator'], value: string, environmentNo: number): Condition {
  const populations = sql`FROM populations p WHERE p.environment_no = ${environmentNo}`;
  if (operator === 'eq')
    return sql`users.population_no = (SELECT p.number ${populations} AND p.id = ${value.toLowerCase()})`;
  return textSql(sql`(SELECT p.id ${populations} AND p.number = users.population_no)`, operator, value);
}

/** True if any of the attribute's values compares so; texts without case, numbers and booleans as what they are. */
function customSql(
  path: string,
  operator: Comparison['operator'],
  value: string | number | boolean,
): Condition {
  const values = sql`FROM json_each(users.attributes, ${path}) AS e WHERE json_type(users.attributes, ${path}) <> 'object'`;
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
