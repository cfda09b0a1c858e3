import type { ComparisonKind } from '../schema/comparison.ts';
import type { Schema } from '../schema/schema.ts';
import { prepareSubstring, type SubstringPlace } from '../values/string-preparation.ts';
import { readUtf8 } from '../values/utf8.ts';
import type { Filter } from './filter.ts';
import { type Comparable, makeNormalizer, objectIdentifierKey, readInteger } from './normalize-value.ts';
import { readsAsCategory } from './object-category.ts';

type Comparison = Extract<Filter, { kind: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx' }>;
type Substrings = Extract<Filter, { kind: 'substrings' }>;

/** Whether one stored value satisfies the assertion. */
export type ValueTest = (value: Buffer) => boolean;

/** A test, or the reason why the comparison is undefined for every entry. */
export type TestOrReason = ValueTest | { readonly undefinedBecause: string };

/** Equality (and approximate match, which falls back to it, RFC 4511 §4.5.1.7.6). */
export function makeEqualityTest(filter: Comparison, kind: ComparisonKind, schema: Schema): TestOrReason {
  const type = schema.attribute(filter.attribute);
  if ((type?.name ?? filter.attribute).toLowerCase() === 'objectclass')
    return makeClassTest(filter.value, schema);
  if ((type?.name ?? filter.attribute).toLowerCase() === 'objectcategory') {
    const test = readsAsCategory(filter.value.toString('utf8'));
    if (test !== undefined) return (value) => test(value.toString('utf8'));
  }
  return equalityTest(filter.value, kind, schema);
}

export function equalityTest(asserted: Buffer, kind: ComparisonKind, schema: Schema): TestOrReason {
  const normalize = makeNormalizer(kind, schema);
  const wanted = normalize(asserted);
  if (wanted === undefined) return notOfSyntax(kind);
  return (value) => value.equals(asserted) || normalize(value) === wanted;
}

/** `>=` and `<=`. `isLoose`: the schema gives no ordering, so two decimal integers compare as numbers, else as text. */
export function makeOrderingTest(
  filter: Comparison,
  kind: ComparisonKind,
  schema: Schema,
  isLoose: boolean,
): TestOrReason {
  const normalize = makeNormalizer(kind, schema);
  const wanted = normalize(filter.value);
  if (wanted === undefined) return notOfSyntax(kind);
  const wantedInteger = isLoose && typeof wanted === 'string' ? readInteger(wanted) : undefined;
  const isGreater = filter.kind === 'greaterOrEqual';
  return (value) => {
    const found = normalize(value);
    if (found === undefined) return false;
    const foundInteger =
      wantedInteger === undefined || typeof found !== 'string' ? undefined : readInteger(found);
    return foundInteger === undefined || wantedInteger === undefined
      ? isInOrder(found, wanted, isGreater)
      : isInOrder(foundInteger, wantedInteger, isGreater);
  };
}

function isInOrder(found: Comparable, wanted: Comparable, isGreater: boolean): boolean {
  return isGreater ? found >= wanted : found <= wanted;
}

/** Substrings, for the kinds that have them; a name, a number or a time has none. */
export function makeSubstringTest(filter: Substrings, kind: ComparisonKind, schema: Schema): TestOrReason {
  const prepare = substringPreparation(kind, schema);
  if (prepare === undefined) return notOfSyntax(kind);
  const initial = filter.initial === undefined ? '' : prepare(filter.initial, 'initial');
  const final = filter.final === undefined ? '' : prepare(filter.final, 'final');
  const any = filter.any.flatMap((part) => prepare(part, 'any') ?? []);
  if (initial === undefined || final === undefined || any.length < filter.any.length)
    return notOfSyntax(kind);
  return (value) => {
    const text = prepare(value, 'value');
    if (text === undefined || !text.startsWith(initial)) return false;
    let position = initial.length;
    for (const part of any) {
      const found = text.indexOf(part, position);
      if (found === -1) return false;
      position = found + part.length;
    }
    return text.length - position >= final.length && text.endsWith(final);
  };
}

function substringPreparation(
  kind: ComparisonKind,
  schema: Schema,
): ((value: Buffer, place: SubstringPlace) => string | undefined) | undefined {
  switch (kind) {
    case 'caseIgnore':
    case 'caseExact':
    case 'caseIgnoreList':
      return (value, place) => {
        const text = readUtf8(value);
        return text === undefined ? undefined : prepareSubstring(text, place, kind !== 'caseExact');
      };
    case 'numericString':
    case 'telephoneNumber':
    case 'octetString': {
      const normalize = makeNormalizer(kind, schema);
      return (value) => {
        const normal = normalize(value);
        return typeof normal === 'string' ? normal : undefined;
      };
    }
    default:
      return undefined;
  }
}

/** objectClass also matches subclasses, whether or not the entry lists the superclasses (RFC 4512 §3.3). */
function makeClassTest(asserted: Buffer, schema: Schema): TestOrReason {
  const wanted = objectIdentifierKey(asserted.toString('utf8'), schema);
  const remembered = new Map<string, boolean>();
  return (value) => {
    const text = value.toString('latin1');
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const answer =
      objectIdentifierKey(text, schema) === wanted ||
      schema.classChain(text).some((item) => item.oid.toLowerCase() === wanted);
    if (remembered.size < 1_000) remembered.set(text, answer);
    return answer;
  };
}

function notOfSyntax(kind: ComparisonKind): { readonly undefinedBecause: string } {
  return { undefinedBecause: `what is sought cannot be compared with ${kind} values` };
}
