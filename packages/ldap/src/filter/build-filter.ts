import type { Filter } from './filter.ts';

/** An assertion value: text is sent as UTF-8, bytes as they are. Nothing is ever spliced into filter text. */
export type AssertionValue = string | Buffer;

/** All of them; without any: always true (RFC 4526). A single filter stays itself. */
export function and(...filters: readonly Filter[]): Filter {
  const [only, ...more] = filters;
  return only !== undefined && more.length === 0 ? only : { kind: 'and', filters };
}

/** Any of them; without any: always false (RFC 4526). A single filter stays itself. */
export function or(...filters: readonly Filter[]): Filter {
  const [only, ...more] = filters;
  return only !== undefined && more.length === 0 ? only : { kind: 'or', filters };
}

export function not(filter: Filter): Filter {
  return { kind: 'not', filter };
}

export function eq(attribute: string, value: AssertionValue): Filter {
  return { kind: 'equality', attribute, value: bytesOf(value) };
}

export function greaterOrEqual(attribute: string, value: AssertionValue): Filter {
  return { kind: 'greaterOrEqual', attribute, value: bytesOf(value) };
}

export function lessOrEqual(attribute: string, value: AssertionValue): Filter {
  return { kind: 'lessOrEqual', attribute, value: bytesOf(value) };
}

export function approx(attribute: string, value: AssertionValue): Filter {
  return { kind: 'approx', attribute, value: bytesOf(value) };
}

export function present(attribute: string): Filter {
  return { kind: 'present', attribute };
}

export interface SubstringParts {
  readonly initial?: AssertionValue;
  readonly any?: readonly AssertionValue[];
  readonly final?: AssertionValue;
}

/** Parts in order, with anything between them; empty parts ask for nothing. Without parts: {@link present}. */
export function substrings(attribute: string, parts: SubstringParts): Filter {
  const initial = bytesOf(parts.initial ?? '');
  const any = (parts.any ?? []).map(bytesOf).filter((part) => part.length > 0);
  const final = bytesOf(parts.final ?? '');
  if (initial.length === 0 && final.length === 0 && any.length === 0) return present(attribute);
  return {
    kind: 'substrings',
    attribute,
    ...(initial.length > 0 ? { initial } : {}),
    any,
    ...(final.length > 0 ? { final } : {}),
  };
}

export function startsWith(attribute: string, value: AssertionValue): Filter {
  return substrings(attribute, { initial: value });
}

export function contains(attribute: string, value: AssertionValue): Filter {
  return substrings(attribute, { any: [value] });
}

export function endsWith(attribute: string, value: AssertionValue): Filter {
  return substrings(attribute, { final: value });
}

export interface ExtensibleParts {
  readonly attribute?: string;
  /** By name or OID. */
  readonly matchingRule?: string;
  readonly value: AssertionValue;
  /** Also look at the attributes of the entry's name. */
  readonly dnAttributes?: boolean;
}

export function extensible(parts: ExtensibleParts): Filter {
  return {
    kind: 'extensible',
    ...(parts.attribute === undefined ? {} : { attribute: parts.attribute }),
    ...(parts.matchingRule === undefined ? {} : { matchingRule: parts.matchingRule }),
    value: bytesOf(parts.value),
    dnAttributes: parts.dnAttributes ?? false,
  };
}

function bytesOf(value: AssertionValue): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
}
