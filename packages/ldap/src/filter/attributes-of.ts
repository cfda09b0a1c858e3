import type { Filter } from './filter.ts';

/**
 * The attributes a filter looks at, as written, each once (compared without case), in order of appearance: what an
 * entry must carry for the filter to be evaluated.
 */
export function attributesOf(filter: Filter): readonly string[] {
  const found = new Map<string, string>();
  collect(filter, found);
  return [...found.values()];
}

function collect(filter: Filter, found: Map<string, string>): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      for (const part of filter.filters) collect(part, found);
      return;
    case 'not':
      collect(filter.filter, found);
      return;
    default: {
      const { attribute } = filter;
      if (attribute === undefined) return;
      const key = attribute.toLowerCase();
      if (!found.has(key)) found.set(key, attribute);
    }
  }
}
