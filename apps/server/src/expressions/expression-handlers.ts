import { OPERATIONS } from '@sallyport/contract';
import {
  ExpressionError,
  type ExpressionValue,
  type ExpressionWarning,
  rootFromObject,
  toAttributeValues,
  toJsonValue,
} from '@sallyport/expression';
import { CodedError, type Uuid } from '@sallyport/model';
import type { HandlerGroup } from '../http/handlers.ts';
import { bodyId, Faults, idOf } from '../http/refuse.ts';
import { type Actor, rolesIn } from '../tokens/actor.ts';
import { addExpressionFaults, readExpression } from './expression-faults.ts';
import { type RuleObjectDependencies, readRuleObject } from './rule-object.ts';

/** Warnings that are listed; an expression over a long list may have one for each element. */
const MAX_WARNINGS = 20;

/**
 * Evaluates an expression as a mapping would, over given data or over a real object of a rule. What is wrong with the
 * expression or with the values it meets is refused with code, position, found and expected.
 */
export function makeExpressionHandlers(dependencies: RuleObjectDependencies): HandlerGroup<'expressions'> {
  return {
    evaluate: async ({ params, body }, { signal, actor }) => {
      const environmentId = idOf(params.environmentId, 'environment');
      const { rule, object } = body;
      const faults = new Faults();
      const expression = readExpression(body.expression, 'expression', faults);
      const hasRule = rule !== undefined && rule !== null;
      const hasObject = object !== undefined && object !== null;
      if (hasRule || hasObject) assertMayRead(actor, environmentId);
      if (hasRule !== hasObject)
        faults.add(
          'CONSTRAINT_VIOLATION',
          hasRule ? 'object' : 'rule',
          'rule and object are given together: the rule says where the object is found',
        );
      if (hasRule && body.root !== undefined && body.root !== null)
        faults.add('CONSTRAINT_VIOLATION', 'root', 'root is given, or a rule with an object; not both');
      faults.throwIfAny();
      if (expression === undefined) throw new TypeError('An expression without faults is there');
      const fetched =
        hasRule && hasObject
          ? await readRuleObject(dependencies, environmentId, bodyId(rule.id), object, expression, signal)
          : undefined;
      const warnings: ExpressionWarning[] = [];
      try {
        const value = expression.evaluate(fetched?.root ?? rootFromObject(body.root ?? {}), {
          now: dependencies.clock.now(),
          warn: (warning) => {
            if (warnings.length < MAX_WARNINGS) warnings.push(warning);
          },
        });
        return {
          result: toJsonValue(value),
          type: typeName(value),
          ...readValues(value),
          attributes: [...expression.attributes],
          ...(fetched === undefined ? {} : { object: { key: fetched.key, place: fetched.place } }),
          ...(warnings.length === 0 ? {} : { warnings: warnings.map(warningBody) }),
        };
      } catch (error) {
        addExpressionFaults(error, 'expression', faults);
        faults.throwIfAny();
        throw error;
      }
    },
  };
}

/** An expression shows any attribute of any object the gateway's account can read: it takes what a search there takes. */
function assertMayRead(actor: Actor, environmentId: Uuid): void {
  const { roles } = OPERATIONS.gateways.search;
  const held = rolesIn(actor, environmentId);
  if (roles.some((role) => held.includes(role))) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    `The application ${actor.name} has none of the roles that an object of a rule takes: ${roles.join(', ')}. Without one it may evaluate over a root of its own`,
  );
}

function warningBody({ code, position, found }: ExpressionWarning) {
  const message = `${found} was null and became the text "null"; use #string.join or ${found} ?: ''`;
  return { code, position, found, message };
}

/** Nothing for a value that no attribute can hold: the result says what it is. */
function readValues(value: ExpressionValue): { readonly values?: string[] } {
  try {
    return { values: [...toAttributeValues(value)] };
  } catch (error) {
    if (error instanceof ExpressionError) return {};
    throw error;
  }
}

function typeName(value: ExpressionValue): 'null' | 'text' | 'number' | 'boolean' | 'list' | 'map' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'map';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'boolean' : 'number';
}
