import { parseScimFilter, type ScimFilter, ScimFilterError } from '@sallyport/scim';
import { refuseValue } from './refuse.ts';

/** What the lists of named objects can be narrowed by. */
export interface NamedFilter {
  readonly nameEquals?: string;
  readonly nameStartsWith?: string;
  readonly ids?: readonly string[];
}

/**
 * Reads the filters that lists of named objects take: `name eq`, `name sw`, `id eq`, several ids joined by `or`, and these
 * joined by `and`. `ignored` attributes have one value in an installation and narrow nothing.
 */
export function readNamedFilter(text: string | undefined, ignored: readonly string[] = []): NamedFilter {
  if (text === undefined) return {};
  const filter = parseOrRefuse(text);
  let read: NamedFilter = {};
  for (const term of filter.kind === 'and' ? filter.of : [filter])
    read = narrow(read, readTerm(term, ignored));
  return read;
}

function parseOrRefuse(text: string): ScimFilter {
  try {
    return parseScimFilter(text);
  } catch (error) {
    if (error instanceof ScimFilterError) refuseValue('INVALID_FILTER', 'filter', error.message);
    throw error;
  }
}

function readTerm(term: ScimFilter, ignored: readonly string[]): NamedFilter {
  if (term.kind === 'or') {
    const parts = term.of.map((part) => readTerm(part, ignored));
    const ids = parts.flatMap((part) => part.ids ?? []);
    if (parts.every((part) => part.ids !== undefined)) return { ids };
  }
  if (term.kind === 'compare' && typeof term.value === 'string') {
    const attribute = term.attribute.toLowerCase();
    if (attribute === 'name' && term.operator === 'eq') return { nameEquals: term.value };
    if (attribute === 'name' && term.operator === 'sw') return { nameStartsWith: term.value };
    if (attribute === 'id' && term.operator === 'eq') return { ids: [term.value.toLowerCase()] };
    if (ignored.some((name) => name.toLowerCase() === attribute) && term.operator === 'eq') return {};
  }
  return refuseValue(
    'INVALID_FILTER',
    'filter',
    'This list can be filtered by name eq, name sw and id eq, joined by and; ids can be joined by or',
  );
}

function narrow(left: NamedFilter, right: NamedFilter): NamedFilter {
  const ids =
    left.ids === undefined
      ? right.ids
      : right.ids === undefined
        ? left.ids
        : left.ids.filter((id) => right.ids?.includes(id));
  return { ...left, ...right, ...(ids === undefined ? {} : { ids }) };
}
