import {
  type CompiledExpression,
  compileExpression,
  ExpressionError,
  toAttributeValues,
} from '@sallyport/expression';
import { CodedError, type ErrorDetail, type Mapping } from '@sallyport/model';
import { compileOnboarding } from '../onboarding/compile-onboarding.ts';
import type { TargetAttribute, TargetPort } from '../port/target.ts';
import type { EngineRule } from '../rule/engine-rule.ts';
import { mappingDigest } from '../rule/rule-digest.ts';
import type { CompiledMapping, CompiledMappings } from './compiled-mappings.ts';
import { makeValueStep } from './value-parsers.ts';

const ASKS_FOR_THE_TIME = /#datetime\s*\.\s*now\s*\(/i;

interface Parts {
  readonly needs: readonly string[];
  readonly usesClock: boolean;
  readonly read: CompiledMapping['read'];
}

function expressionParts(text: string): Parts {
  const expression: CompiledExpression = compileExpression(text);
  return {
    needs: expression.usesWholeRoot ? ['*', ...expression.attributes] : expression.attributes,
    usesClock: ASKS_FOR_THE_TIME.test(text),
    read: (source, root, now) => {
      root.look(source);
      return toAttributeValues(expression.evaluate(root, { now }));
    },
  };
}

function attributeParts(attribute: string): Parts {
  return { needs: [attribute], usesClock: false, read: (source) => source.values(attribute) };
}

function compileOne(
  mapping: Mapping,
  target: TargetAttribute,
): { readonly compiled: CompiledMapping; readonly parts: Parts } {
  const fromExpression = 'expression' in mapping.source;
  const parts =
    'expression' in mapping.source
      ? expressionParts(mapping.source.expression)
      : attributeParts(mapping.source.attribute);
  const compiled: CompiledMapping = {
    name: mapping.name,
    target,
    createOnly: mapping.createOnly,
    masked: mapping.masked,
    fromExpression,
    defaultValue: mapping.defaultValue === '' ? undefined : mapping.defaultValue,
    step: makeValueStep(mapping.parser, mapping.trim, mapping.characterCase),
    read: parts.read,
  };
  return { compiled, parts };
}

/**
 * Checks and compiles a rule's mappings against the attributes of its target.
 * @throws CodedError `INVALID_MAPPINGS` with every fault in `details`: unknown target attributes, two mappings of one
 * attribute, faulty expressions, a matching attribute that no mapping makes.
 */
export function compileMappings(
  rule: Pick<EngineRule, 'mappings' | 'matchingAttribute' | 'objectType' | 'onboarding'>,
  target: Pick<TargetPort, 'attribute' | 'attributeNames'>,
): CompiledMappings {
  const faults: ErrorDetail[] = [];
  const byTarget = new Map<string, CompiledMapping>();
  const needs = new Map<string, string>();
  let usesClock = false;
  for (const mapping of rule.mappings) {
    const where = `mapping ${JSON.stringify(mapping.name)}`;
    const attribute = target.attribute(rule.objectType, mapping.targetAttribute);
    if (attribute === undefined) {
      faults.push({
        code: 'UNKNOWN_TARGET_ATTRIBUTE',
        target: mapping.name,
        message: `${where}: the target has no ${rule.objectType} attribute ${JSON.stringify(mapping.targetAttribute)}; choose one of its attributes`,
      });
      continue;
    }
    const other = byTarget.get(attribute.name);
    if (other !== undefined) {
      faults.push({
        code: 'ATTRIBUTE_MAPPED_TWICE',
        target: mapping.name,
        message: `${where} and mapping ${JSON.stringify(other.name)} both make ${attribute.name}; keep one of them`,
      });
      continue;
    }
    try {
      const { compiled, parts } = compileOne(mapping, attribute);
      byTarget.set(attribute.name, compiled);
      usesClock ||= parts.usesClock;
      for (const name of parts.needs) {
        const key = name.toLowerCase();
        if (!needs.has(key)) needs.set(key, name);
      }
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      for (const problem of error.problems)
        faults.push({ code: problem.code, target: mapping.name, message: `${where}: ${problem.message}` });
    }
  }
  const onboarding = rule.objectType === 'user' ? compileOnboarding(rule.onboarding, faults) : undefined;
  for (const name of onboarding?.needs ?? [])
    if (!needs.has(name.toLowerCase())) needs.set(name.toLowerCase(), name);
  const matchingName =
    target.attribute(rule.objectType, rule.matchingAttribute)?.name ?? rule.matchingAttribute;
  const matching = byTarget.get(matchingName);
  if (matching === undefined && faults.length === 0)
    faults.push({
      code: 'MATCHING_ATTRIBUTE_NOT_MAPPED',
      target: rule.matchingAttribute,
      message: `No mapping makes ${rule.matchingAttribute}, by which objects are matched; map it or match by another attribute`,
    });
  if (matching === undefined || faults.length > 0)
    throw new CodedError(
      'INVALID_MAPPINGS',
      `The mappings have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults.map((fault) => fault.message).join('; ')}`,
      { details: faults },
    );
  const all = [...byTarget.values()];
  const activeAttribute = target
    .attributeNames(rule.objectType)
    .find((name) => target.attribute(rule.objectType, name)?.kind === 'active');
  return {
    objectType: rule.objectType,
    needs: [...needs.values()],
    digest: mappingDigest(rule),
    usesClock,
    plain: all.filter((mapping) => mapping.target.kind === 'plain'),
    active: all.find((mapping) => mapping.target.kind === 'active'),
    activeAttribute: activeAttribute ?? 'enabled',
    matching,
    masked: new Set(all.filter((mapping) => mapping.masked).map((mapping) => mapping.target.name)),
    onboarding,
  };
}
