import type { Uuid } from '@sallyport/model';
import { readNumber } from '../schema/decode.ts';
import type { Numbers } from '../schema/numbers.ts';
import type { Connection } from '../sqlite/connection.ts';

/** Where one rule's rows lie. */
export interface RulePlace {
  readonly environmentNo: number;
  readonly ruleNo: number;
}

/** Undefined before the rule's first write. */
export function readRulePlace(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  ruleId: Uuid,
): RulePlace | undefined {
  const environmentNo = numbers.readEnvironment(connection, environmentId);
  if (environmentNo === undefined) return undefined;
  const row = connection.row('SELECT number FROM rule_syncs WHERE environment_no = ? AND rule_id = ?', [
    environmentNo,
    ruleId,
  ]);
  return row === undefined ? undefined : { environmentNo, ruleNo: readNumber(row[0]) };
}

/** Makes it if need be; inside a transaction. Asked anew by each one: the rule may have been forgotten in between. */
export function ensureRulePlace(
  connection: Connection,
  numbers: Numbers,
  environmentId: Uuid,
  ruleId: Uuid,
): RulePlace {
  const known = readRulePlace(connection, numbers, environmentId, ruleId);
  if (known !== undefined) return known;
  const environmentNo = numbers.environment(connection, environmentId);
  const ruleNo = connection.insert('INSERT INTO rule_syncs (environment_no, rule_id) VALUES (?, ?)', [
    environmentNo,
    ruleId,
  ]);
  return { environmentNo, ruleNo };
}
