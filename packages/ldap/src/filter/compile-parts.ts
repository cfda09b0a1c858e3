import type { ComparisonKind } from '../schema/comparison.ts';
import type { Schema } from '../schema/schema.ts';
import {
  makeEqualityTest,
  makeOrderingTest,
  makeSubstringTest,
  type TestOrReason,
  type ValueTest,
} from './compile-comparison.ts';
import { makeFurtherValues, planExtensible } from './compile-extensible.ts';
import { describeValues } from './describe-values.ts';
import type { Filter } from './filter.ts';
import type { FilterEntry } from './filter-entry.ts';
import { makeValueReader } from './read-values.ts';
import type { CompiledFilter, Verdict } from './verdict.ts';

type Item = Exclude<Filter, { kind: 'and' | 'or' } | { kind: 'not' }>;
type Comparison = Exclude<Item, { kind: 'present' } | { kind: 'extensible' }>;
type ReadValues = (entry: FilterEntry) => readonly Buffer[] | undefined;

/** Prepares a filter and all its parts for evaluation against entries of a directory with this schema. */
export function compileParts(filter: Filter, schema: Schema): CompiledFilter {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((part) => compileParts(part, schema));
      return composite(filter, parts, (entry) =>
        filter.kind === 'and' ? all(parts, entry) : any(parts, entry),
      );
    }
    case 'not': {
      const part = compileParts(filter.filter, schema);
      return composite(filter, [part], (entry) => negated(part.evaluate(entry)));
    }
    case 'present': {
      const readValues = makeValueReader(filter.attribute, schema);
      if (isUnknown(filter.attribute, schema)) return unknownAttribute(filter, filter.attribute, readValues);
      // Every entry has an object class, whether or not it was asked for (RFC 4512 §2.4).
      const isAlways = filter.attribute.toLowerCase() === 'objectclass';
      return item(filter, readValues, (entry) => verdictOf(isAlways || readValues(entry).length > 0));
    }
    case 'extensible':
      return compileExtensible(filter, schema);
    default:
      return compileComparison(filter, schema);
  }
}

function compileComparison(filter: Comparison, schema: Schema): CompiledFilter {
  const readValues = makeValueReader(filter.attribute, schema);
  if (filter.attribute.toLowerCase() === 'anr') {
    return undecidable(filter, readValues, 'ambiguous name resolution (anr) is known to the directory alone');
  }
  if (isUnknown(filter.attribute, schema)) return unknownAttribute(filter, filter.attribute, readValues);
  const type = schema.attribute(filter.attribute);
  const equality = type === undefined ? 'caseIgnore' : type.equality;
  if (equality === undefined) {
    return undecidable(filter, readValues, `the equality rule of ${filter.attribute} is not known here`);
  }
  return tested(filter, readValues, testOf(filter, equality, schema));
}

function testOf(filter: Comparison, equality: ComparisonKind, schema: Schema): TestOrReason {
  const type = schema.attribute(filter.attribute);
  switch (filter.kind) {
    case 'equality':
    case 'approx':
      return makeEqualityTest(filter, equality, schema);
    case 'greaterOrEqual':
    case 'lessOrEqual': {
      const ordering = type?.ordering;
      if (ordering === undefined && schema.isComplete)
        return { undefinedBecause: `${filter.attribute} has no order` };
      return makeOrderingTest(filter, ordering ?? equality, schema, ordering === undefined);
    }
    case 'substrings': {
      const substring = type?.substring ?? (schema.isComplete ? undefined : equality);
      if (substring === undefined) return { undefinedBecause: `${filter.attribute} has no substring rule` };
      return makeSubstringTest(filter, substring, schema);
    }
  }
}

function compileExtensible(filter: Extract<Filter, { kind: 'extensible' }>, schema: Schema): CompiledFilter {
  const own = filter.attribute === undefined ? undefined : makeValueReader(filter.attribute, schema);
  const further = makeFurtherValues(filter, schema);
  const readValues: ReadValues = (entry) => {
    const values = own?.(entry) ?? [];
    const more = further(entry);
    if (more === undefined) return values.length > 0 ? values : undefined;
    return more.length === 0 ? values : [...values, ...more];
  };
  if (filter.attribute !== undefined && isUnknown(filter.attribute, schema)) {
    return unknownAttribute(filter, filter.attribute, readValues);
  }
  const plan = planExtensible(filter, schema);
  return 'undecidable' in plan
    ? undecidable(filter, readValues, plan.undecidable)
    : tested(filter, readValues, plan);
}

/** A name the directory's own schema does not have makes a comparison undefined (RFC 4511 §4.5.1.7). */
function isUnknown(attribute: string, schema: Schema): boolean {
  return schema.isComplete && schema.attribute(attribute) === undefined;
}

function unknownAttribute(filter: Item, attribute: string, readValues: ReadValues): CompiledFilter {
  return tested(filter, readValues, { undefinedBecause: `the schema has no attribute ${attribute}` });
}

function tested(filter: Item, readValues: ReadValues, test: TestOrReason): CompiledFilter {
  if (typeof test !== 'function') return item(filter, readValues, () => 'undefined', test.undefinedBecause);
  return item(filter, readValues, (entry) => {
    const values = readValues(entry);
    return values === undefined ? 'undefined' : verdictOf(hasMatch(values, test));
  });
}

function hasMatch(values: readonly Buffer[], test: ValueTest): boolean {
  for (const value of values) if (test(value)) return true;
  return false;
}

function undecidable(filter: Item, readValues: ReadValues, reason: string): CompiledFilter {
  return { ...item(filter, readValues, () => 'undefined', reason), undecidable: reason };
}

function item(
  filter: Item,
  readValues: ReadValues,
  evaluate: (entry: FilterEntry) => Verdict,
  reason?: string,
): CompiledFilter {
  return {
    filter,
    parts: [],
    undecidable: undefined,
    evaluate,
    describe: (entry) => reason ?? describeValues(filter.attribute, readValues(entry)),
  };
}

function composite(
  filter: Filter,
  parts: readonly CompiledFilter[],
  evaluate: (entry: FilterEntry) => Verdict,
): CompiledFilter {
  return { filter, parts, undecidable: undefined, evaluate, describe: () => '' };
}

function all(parts: readonly CompiledFilter[], entry: FilterEntry): Verdict {
  let verdict: Verdict = 'true';
  for (const part of parts) {
    const found = part.evaluate(entry);
    if (found === 'false') return 'false';
    if (found === 'undefined') verdict = 'undefined';
  }
  return verdict;
}

function any(parts: readonly CompiledFilter[], entry: FilterEntry): Verdict {
  let verdict: Verdict = 'false';
  for (const part of parts) {
    const found = part.evaluate(entry);
    if (found === 'true') return 'true';
    if (found === 'undefined') verdict = 'undefined';
  }
  return verdict;
}

function negated(verdict: Verdict): Verdict {
  return verdict === 'undefined' ? 'undefined' : verdictOf(verdict === 'false');
}

function verdictOf(isTrue: boolean): Verdict {
  return isTrue ? 'true' : 'false';
}
