import { compileOutbound, makeUserValues } from '@sallyport/connectors';
import { SourceRoot } from '@sallyport/engine';
import { type CompiledExpression, ExpressionError, type ExpressionRoot } from '@sallyport/expression';
import { CodedError, type Uuid } from '@sallyport/model';
import type { Clock } from '@sallyport/runtime';
import type { Store } from '@sallyport/store';
import type { DirectoryAccess } from '../gateways/directory-access.ts';
import { isSecretAttribute } from '../gateways/secret-attributes.ts';
import { refuseValue } from '../http/refuse.ts';
import { readOutboundRule, readSourceUser } from '../propagation/mappings/outbound-rule.ts';
import { directionOf } from '../propagation/rules/direction.ts';
import { makeRulePorts, type RulePortsDependencies } from '../propagation/runs/rule-ports.ts';
import { readSavedSpec } from '../propagation/runs/saved-spec.ts';
import { parseRuleSettings } from '../sync/rule-settings.ts';
import type { RuleSpec } from '../sync/rule-spec.ts';

export interface RuleObjectDependencies extends RulePortsDependencies {
  readonly store: Store;
  readonly directory: DirectoryAccess;
  readonly clock: Clock;
}

/** One object of a rule's source as an expression of that rule sees it. */
export interface RuleObject {
  readonly root: ExpressionRoot;
  readonly key: string;
  readonly place: string;
}

/**
 * Fetches the object: an entry through the rule's gateway, with exactly the attributes that the expression needs, or a user
 * of the identity store. In scope or not: an expression is tried on whoever it is to be tried on.
 * @throws CodedError `INVALID_DATA` if there is no such object, and what reading the source throws
 */
export async function readRuleObject(
  dependencies: RuleObjectDependencies,
  environmentId: Uuid,
  ruleId: Uuid,
  identifier: string,
  expression: CompiledExpression,
  signal: AbortSignal,
): Promise<RuleObject> {
  assertNoSecrets(expression);
  const spec = await readSavedSpec(dependencies.store, environmentId, ruleId);
  const object =
    directionOf(spec.source.type) === 'OUTBOUND'
      ? await readUserObject(dependencies, spec, identifier, signal)
      : await readEntryObject(dependencies, spec, identifier, expression, signal);
  return (
    object ??
    refuseValue(
      'INVALID_VALUE',
      'object',
      `The source of rule ${spec.rule.name} has no object ${JSON.stringify(identifier)} that can be read; try another of DN, key, id and login name`,
    )
  );
}

/** Whoever may try an expression on an object: passwords and keys are for nobody. */
function assertNoSecrets(expression: CompiledExpression): void {
  const secrets = expression.attributes.filter(isSecretAttribute);
  if (secrets.length > 0)
    refuseValue(
      'SECRET_ATTRIBUTE',
      'expression',
      `${secrets.join(', ')} holds secrets, which are not shown; take it out of the expression`,
    );
}

async function readEntryObject(
  dependencies: RuleObjectDependencies,
  spec: RuleSpec,
  identifier: string,
  expression: CompiledExpression,
  signal: AbortSignal,
): Promise<RuleObject | undefined> {
  const ports = makeRulePorts(dependencies);
  const settings = parseRuleSettings(spec, ports.defaultMappings(spec), {});
  const { reader, close } = await ports.makeSource(spec, settings);
  try {
    await reader.open(signal);
    const attributes = expression.usesWholeRoot ? ['*', ...expression.attributes] : expression.attributes;
    const answer = await reader.find(identifier, { attributes }, signal);
    if (answer === undefined) return undefined;
    const { object } = answer;
    const attributesOf = new SourceRoot();
    attributesOf.look(object);
    const root: ExpressionRoot = {
      // However the name was made: what is never shown has no value here.
      get: (name) => (isSecretAttribute(name) ? null : attributesOf.get(name)),
      names: () => attributesOf.names().filter((name) => !isSecretAttribute(name)),
    };
    return { root, key: object.key, place: object.place };
  } finally {
    await close();
  }
}

async function readUserObject(
  { store, directory, clock }: RuleObjectDependencies,
  spec: RuleSpec,
  identifier: string,
  signal: AbortSignal,
): Promise<RuleObject | undefined> {
  const user = await readSourceUser(store, spec.environmentId, identifier);
  if (user === undefined) return undefined;
  const values = makeUserValues(user);
  const attributes = new SourceRoot();
  attributes.look(values);
  const names = await dnNamesOf();
  return {
    root: {
      get: (name) => names[name.toUpperCase()] ?? attributes.get(name),
      names: () => [...Object.keys(names), ...attributes.names()],
    },
    key: user.id,
    place: user.profile.username,
  };

  /** What a DN expression sees beside the user. A rule that cannot make entries yet has nothing of that kind to show. */
  async function dnNamesOf(): Promise<Readonly<Record<string, string>>> {
    try {
      const rule = await readOutboundRule(store, directory, spec, signal);
      return compileOutbound(rule).names(values, clock.now());
    } catch (error) {
      if (error instanceof CodedError || error instanceof ExpressionError) return {};
      throw error;
    }
  }
}
