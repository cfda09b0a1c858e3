import { parseScimFilter, type ScimFilter, ScimFilterError } from '@sallyport/scim';
import type { Store } from '@sallyport/store';
import { refuseValue } from '../http/refuse.ts';

type Wanted = Omit<Parameters<Store['activities']['list']>[1], 'limit' | 'cursor'>;

const TEXTS: ReadonlyMap<string, keyof Pick<Wanted, 'resourceId' | 'resourceType' | 'actorId' | 'action'>> =
  new Map([
    ['resources.id', 'resourceId'],
    ['resources.type', 'resourceType'],
    ['actors.client.id', 'actorId'],
    ['action.type', 'action'],
  ]);

/** What an activity list is narrowed by; `recordedAt` and the equalities of `TEXTS`, joined by `and`. */
export function readActivityFilter(text: string | undefined): Wanted {
  if (text === undefined) return {};
  const filter = parse(text);
  let wanted: Wanted = {};
  for (const term of filter.kind === 'and' ? filter.of : [filter])
    wanted = { ...wanted, ...readTerm(term, wanted) };
  return wanted;
}

function parse(text: string): ScimFilter {
  try {
    return parseScimFilter(text);
  } catch (error) {
    if (error instanceof ScimFilterError) return refuseValue('INVALID_FILTER', 'filter', error.message);
    throw error;
  }
}

function readTerm(term: ScimFilter, before: Wanted): Wanted {
  if (term.kind === 'and') {
    let inner = before;
    for (const part of term.of) inner = { ...inner, ...readTerm(part, inner) };
    return inner;
  }
  if (term.kind === 'compare' && typeof term.value === 'string') {
    const attribute = term.attribute.toLowerCase();
    const name = TEXTS.get(attribute);
    if (name !== undefined && term.operator === 'eq') return { [name]: idText(name, term.value) };
    const at = attribute === 'recordedat' ? Date.parse(term.value) : Number.NaN;
    if (!Number.isNaN(at)) {
      // Both ends are whole milliseconds: `from` is in, `until` is not.
      if (term.operator === 'ge' || term.operator === 'gt')
        return { from: Math.max(before.from ?? 0, term.operator === 'gt' ? at + 1 : at) };
      if (term.operator === 'le' || term.operator === 'lt')
        return {
          until: Math.min(before.until ?? Number.MAX_SAFE_INTEGER, term.operator === 'le' ? at + 1 : at),
        };
    }
  }
  return refuseValue(
    'INVALID_FILTER',
    'filter',
    `Activities can be filtered by recordedAt gt, ge, lt and le with a time, and by ${[...TEXTS.keys()].join(', ')} eq, joined by and`,
  );
}

/** Ids are lower case everywhere behind the door, names of actions and resources are upper case. */
function idText(name: string, value: string): string {
  return name === 'action' || name === 'resourceType' ? value.toUpperCase() : value.toLowerCase();
}
