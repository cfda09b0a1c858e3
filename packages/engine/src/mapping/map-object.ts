import { ExpressionError } from '@sallyport/expression';
import { makeOnboarding, type OnboardingResult } from '../onboarding/onboarding.ts';
import type {
  CompiledMapping,
  CompiledMappings,
  MappingFailure,
  MappingResult,
} from './compiled-mappings.ts';
import { SourceRoot, type SourceValues } from './source-root.ts';

const NO_VALUES: readonly string[] = [];

/** What one mapping came to: its values, or what is wrong with them. Explain shows exactly this. */
export type MappingValue =
  | { readonly values: readonly string[] }
  | { readonly code: string; readonly message: string };

export interface Mapper {
  /** Every mapping of one object; nothing half-mapped leaves here. Pure apart from the reused root. */
  map(source: SourceValues): MappingResult;
  /** One mapping of one object. */
  value(mapping: CompiledMapping, source: SourceValues): MappingValue;
  /** What the object would get if it were new; undefined if the rule says nothing of that. */
  onboarding(source: SourceValues): OnboardingResult | undefined;
}

function step(mapping: CompiledMapping, raw: readonly string[]): readonly string[] {
  const { step } = mapping;
  if (step === undefined && !raw.includes('')) return raw;
  const values: string[] = [];
  for (const value of raw) {
    const made = step === undefined ? value : step(value);
    // An empty text is no value: directories cannot hold one, and a target would store a difference nobody sees.
    if (made !== '') values.push(made);
  }
  return values;
}

function evaluate(
  mapping: CompiledMapping,
  source: SourceValues,
  root: SourceRoot,
  now: number,
): readonly string[] | { readonly code: string; readonly message: string } {
  let values: readonly string[];
  try {
    values = step(mapping, mapping.read(source, root, now));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (mapping.defaultValue !== undefined) return [mapping.defaultValue];
    return { code: error.code, message: error.message };
  }
  if (values.length === 0) return mapping.defaultValue === undefined ? NO_VALUES : [mapping.defaultValue];
  if (mapping.target.multiValued || values.length === 1) return values;
  if (mapping.fromExpression)
    return {
      code: 'TOO_MANY_VALUES',
      message: `${mapping.target.name} takes one value, the expression gave ${values.length}; select one of them`,
    };
  return values.slice(0, 1);
}

function check(
  mapping: CompiledMapping,
  values: readonly string[],
): { code: string; message: string } | undefined {
  const { target } = mapping;
  if (values.length === 0)
    return target.required && !mapping.createOnly
      ? { code: 'REQUIRED_VALUE', message: `${target.name} is required, the source gives no value` }
      : undefined;
  if (target.kind === 'active') {
    const text = values[0]?.toLowerCase();
    return text === 'true' || text === 'false'
      ? undefined
      : {
          code: 'INVALID_VALUE',
          message: `${target.name} must be true or false, found ${JSON.stringify(values[0])}`,
        };
  }
  const fault = target.fault(values);
  if (fault === undefined) return undefined;
  // The target's sentence may quote the value.
  return { code: 'INVALID_VALUE', message: mapping.masked ? `the value does not fit ${target.name}` : fault };
}

function isFault(
  value: readonly string[] | { readonly code: string; readonly message: string },
): value is { readonly code: string; readonly message: string } {
  return 'code' in value;
}

function joined(
  failure: MappingFailure | undefined,
  mapping: CompiledMapping,
  fault: { readonly code: string; readonly message: string },
): MappingFailure {
  const message = `mapping ${JSON.stringify(mapping.name)}: ${fault.message}`;
  if (failure === undefined) return { mapping: mapping.name, code: fault.code, message };
  return { ...failure, message: `${failure.message}; ${message}` };
}

/** `now` is the one instant that every expression of a run sees, in epoch ms. */
export function makeMapper(mappings: CompiledMappings, now: number): Mapper {
  const root = new SourceRoot();
  const { plain, active } = mappings;
  const value = (mapping: CompiledMapping, source: SourceValues): MappingValue => {
    const values = evaluate(mapping, source, root, now);
    if (isFault(values)) return values;
    return check(mapping, values) ?? { values };
  };
  const map = (source: SourceValues): MappingResult => {
    const attributes: Record<string, readonly string[]> = {};
    let failure: MappingFailure | undefined;
    for (const mapping of plain) {
      const made = value(mapping, source);
      if ('code' in made) failure = joined(failure, mapping, made);
      else attributes[mapping.target.name] = made.values;
    }
    let state = source.active;
    if (active !== undefined) {
      const made = value(active, source);
      if ('code' in made) failure = joined(failure, active, made);
      else state = made.values.length === 0 ? undefined : made.values[0]?.toLowerCase() === 'true';
    }
    return failure === undefined
      ? { ok: true, object: { attributes, active: state } }
      : { ok: false, failure };
  };
  const { onboarding } = mappings;
  return {
    map,
    value,
    onboarding: (source) => (onboarding === undefined ? undefined : makeOnboarding(onboarding, source, now)),
  };
}
