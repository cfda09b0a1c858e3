import { readDn } from '../dn/dn.ts';
import type { Schema } from '../schema/schema.ts';
import { equalityTest, type TestOrReason, type ValueTest } from './compile-comparison.ts';
import type { Filter } from './filter.ts';
import type { FilterEntry } from './filter-entry.ts';
import { makeNormalizer } from './normalize-value.ts';
import { isNamed, namesOf } from './read-values.ts';

type Extensible = Extract<Filter, { kind: 'extensible' }>;

/** Active Directory's rules ([MS-ADTS] §3.1.1.3.4.4). */
const BIT_AND = '1.2.840.113556.1.4.803';
const BIT_OR = '1.2.840.113556.1.4.804';
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/** Nine digits, with or without a sign in place of one, are below 2^31. */
const MAX_NARROW_DIGITS = 9;
const MIN_INT32 = -0x8000_0000n;
const MAX_UINT32 = 0xffff_ffffn;

/** How an extensible match is answered: by a test, as undefined for every entry, or only by the directory. */
export type ExtensiblePlan = TestOrReason | { readonly undecidable: string };

/** The test for a matching rule named in a filter; without one, the attribute's own equality rule is meant. */
export function planExtensible(filter: Extensible, schema: Schema): ExtensiblePlan {
  const rule = filter.matchingRule;
  if (rule === undefined) {
    const type = schema.attribute(filter.attribute ?? '');
    if (type === undefined && schema.isComplete) {
      return { undefinedBecause: `the schema has no attribute ${filter.attribute}` };
    }
    const kind = type === undefined ? 'caseIgnore' : type.equality;
    return kind === undefined
      ? { undecidable: `the equality rule of ${filter.attribute} is not known here` }
      : equalityTest(filter.value, kind, schema);
  }
  if (rule === IN_CHAIN) {
    return {
      undecidable: 'the in-chain rule follows links between entries, which only the directory can do',
    };
  }
  if (rule === BIT_AND || rule === BIT_OR) return makeBitTest(filter.value, rule === BIT_AND);
  const known = schema.matchingRule(rule);
  if (known === undefined) return { undecidable: `the matching rule ${rule} is not known here` };
  if (known.operation === 'equality') return equalityTest(filter.value, known.kind, schema);
  if (known.operation === 'substring') {
    return {
      undecidable: `the matching rule ${rule} takes a substring assertion, which is not evaluated here`,
    };
  }
  // An ordering rule in an extensible match means "less than" (RFC 4517 §4.2.16).
  const normalize = makeNormalizer(known.kind, schema);
  const wanted = normalize(filter.value);
  if (wanted === undefined)
    return { undefinedBecause: `the value sought is not a valid ${known.kind} value` };
  return (value) => {
    const found = normalize(value);
    return found !== undefined && found < wanted;
  };
}

/** The values an extensible match looks at beside those of its attribute: of the entry's name, or of any attribute. */
export function makeFurtherValues(
  filter: Extensible,
  schema: Schema,
): (entry: FilterEntry) => readonly Buffer[] | undefined {
  const names = filter.attribute === undefined ? undefined : namesOf(baseOf(filter.attribute), schema);
  const kind = filter.matchingRule === undefined ? undefined : schema.matchingRule(filter.matchingRule)?.kind;

  function isOfRule(attribute: string): boolean {
    const type = schema.attribute(attribute);
    return type === undefined ? !schema.isComplete && kind === 'caseIgnore' : type.equality === kind;
  }

  return (entry) => {
    const found: Buffer[] = [];
    if (names === undefined) {
      if (entry.attributes === undefined) return undefined;
      for (const attribute of entry.attributes)
        if (isOfRule(attribute)) found.push(...entry.values(attribute));
    }
    if (filter.dnAttributes) {
      const dn = entry.dn === undefined ? undefined : readDn(entry.dn);
      if (dn === undefined) return undefined;
      for (const ava of dn.rdns.flatMap((rdn) => rdn.avas)) {
        if (names === undefined ? isOfRule(ava.type) : isNamed(ava.type, names))
          found.push(Buffer.from(ava.value));
      }
    }
    return found;
  };
}

function makeBitTest(asserted: Buffer, isAnd: boolean): TestOrReason {
  const mask = readBigInteger(asserted);
  if (mask === undefined) return { undefinedBecause: 'the value sought is not a decimal integer' };
  const isNarrowMask = is32Bit(mask);
  const narrowMask = Number(BigInt.asIntN(32, mask));
  const test: ValueTest = (value) => {
    // Nearly always both fit 32 bits, which needs no bigint.
    const narrow = isNarrowMask && value.length <= MAX_NARROW_DIGITS ? readNarrowInteger(value) : undefined;
    if (narrow !== undefined)
      return isAnd ? (narrow & narrowMask) === narrowMask : (narrow & narrowMask) !== 0;
    const found = readBigInteger(value);
    if (found === undefined) return false;
    // 32-bit attributes are signed, yet masks are often written unsigned: compare the bits, not the sign.
    const width = is32Bit(found) && is32Bit(mask) ? 32 : 64;
    const wantedBits = BigInt.asUintN(width, mask);
    const common = BigInt.asUintN(width, found) & wantedBits;
    return isAnd ? common === wantedBits : common !== 0n;
  };
  return test;
}

function readNarrowInteger(value: Buffer): number | undefined {
  const text = value.toString('latin1');
  return /^-?\d+$/.test(text) ? Number(text) | 0 : undefined;
}

function is32Bit(value: bigint): boolean {
  return value >= MIN_INT32 && value <= MAX_UINT32;
}

function readBigInteger(value: Buffer): bigint | undefined {
  const text = value.toString('latin1');
  return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}

function baseOf(attribute: string): string {
  return attribute.split(';')[0] ?? attribute;
}
