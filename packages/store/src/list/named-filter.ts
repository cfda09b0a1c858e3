import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { NamedListRequest } from '../record/page.ts';
import type { Tables } from '../schema/tables.ts';

type NamedTable = 'environments' | 'populations' | 'gateways' | 'propagation_stores' | 'applications';

/** The conditions of a list of named things; names are compared without case, as people remember them. */
export function namedFilter<T extends NamedTable>(request: NamedListRequest) {
  return (eb: ExpressionBuilder<Tables, T>): ExpressionWrapper<Tables, T, SqlBool> => {
    const conditions = [];
    const name = sql<string>`fold_case(name)`;
    if (request.nameEquals !== undefined)
      conditions.push(sql<SqlBool>`${name} = fold_case(${request.nameEquals})`);
    if (request.nameStartsWith !== undefined) {
      const start = request.nameStartsWith;
      conditions.push(sql<SqlBool>`substr(${name}, 1, length(fold_case(${start}))) = fold_case(${start})`);
    }
    if (request.ids !== undefined)
      conditions.push(
        request.ids.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`id IN (${sql.join(request.ids)})`,
      );
    return eb.and(conditions);
  };
}
