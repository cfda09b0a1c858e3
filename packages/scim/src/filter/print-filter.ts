import type { ScimFilter } from './filter.ts';

/** The filter as text, with parentheses where the tree needs them: parsing it gives the same tree again. */
export function printScimFilter(filter: ScimFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.map((part) => printPart(part, filter.kind)).join(` ${filter.kind} `);
    case 'not':
      return `not (${printScimFilter(filter.of)})`;
    case 'present':
      return `${filter.attribute} pr`;
    case 'compare':
      return `${filter.attribute} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'valuePath':
      return `${filter.attribute}[${printScimFilter(filter.of)}]`;
  }
}

function printPart(part: ScimFilter, within: 'and' | 'or'): string {
  const text = printScimFilter(part);
  // An `and` inside an `or` needs none, as it binds tighter; one inside its own kind keeps the tree's shape.
  const bare = part.kind !== 'or' && part.kind !== 'and' ? true : part.kind === 'and' && within === 'or';
  return bare ? text : `(${text})`;
}
