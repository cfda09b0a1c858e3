import {
  type Control,
  compileFilter,
  type Filter,
  parseSubschema,
  type Schema,
  type SearchRequestOp,
} from '@sallyport/ldap';
import type { Caller } from './caller.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import type { CandidateSet, DirectoryManner } from './directory-manner.ts';
import type { DirectorySchema } from './directory-schema.ts';

/**
 * Looks through the entries a search may answer with. Yields the answers, and `undefined` for each entry that was looked
 * at in vain, so that the caller can stop a page after so much work. What was deleted or changed since the start is
 * judged as it is when its turn comes.
 */
export function* findEntries(
  manner: DirectoryManner,
  caller: Caller,
  base: DirectoryEntry,
  request: SearchRequestOp,
  controls: readonly Control[],
): Generator<DirectoryEntry | undefined, void, undefined> {
  const filter = manner.rewrite(request.filter);
  const matches = makeMatcher(manner, filter);
  for (const entry of candidateEntries(manner, base, request.scope, filter, controls)) {
    const isAnswer =
      !entry.removed &&
      manner.isInScope(entry, base, request.scope, controls) &&
      manner.isVisible(caller, entry, controls) &&
      matches(entry);
    yield isAnswer ? entry : undefined;
  }
}

/** A copy: the tree may change between two pages. */
function candidateEntries(
  manner: DirectoryManner,
  base: DirectoryEntry,
  scope: SearchRequestOp['scope'],
  filter: Filter,
  controls: readonly Control[],
): readonly DirectoryEntry[] {
  if (scope === 'base') return [base];
  if (scope === 'one' && base.children.size <= 1_000) return [...manner.scopeOf(base, 'one', controls)];
  const found = candidatesOf(manner, filter);
  return found === undefined ? [...manner.scopeOf(base, scope, controls)] : [...found.entries];
}

function candidatesOf(manner: DirectoryManner, filter: Filter): CandidateSet | undefined {
  switch (filter.kind) {
    case 'and': {
      const sets = filter.filters.flatMap((part) => candidatesOf(manner, part) ?? []);
      return sets.reduce<CandidateSet | undefined>(
        (best, set) => (best === undefined || set.size < best.size ? set : best),
        undefined,
      );
    }
    case 'or': {
      const sets = filter.filters.map((part) => candidatesOf(manner, part));
      const known = sets.flatMap((set) => set ?? []);
      if (known.length < sets.length || known.length === 0) return undefined;
      return {
        size: known.reduce((sum, set) => sum + set.size, 0),
        entries: new Set(known.flatMap((set) => [...set.entries])),
      };
    }
    case 'not':
      return undefined;
    default:
      return manner.candidates(filter);
  }
}

/** Whether a filter is true for an entry; false also where it is undefined. */
export function makeMatcher(manner: DirectoryManner, filter: Filter): (entry: DirectoryEntry) => boolean {
  const tests: ((entry: DirectoryEntry) => boolean)[] = [];
  const testPrefix = testPrefixOf(manner.schema);
  const matches = compileFilter(withLinkTests(manner, filter, tests, testPrefix), schemaOf(manner.schema));
  let current: DirectoryEntry | undefined;
  const view = {
    get dn(): string {
      return current?.dn ?? '';
    },
    values(attribute: string): readonly Buffer[] {
      if (current === undefined) return [];
      if (attribute.startsWith(testPrefix)) {
        return tests[Number(attribute.slice(testPrefix.length))]?.(current) === true ? yes : no;
      }
      return manner.valuesOf(current, attribute.toLowerCase());
    },
  };
  return (entry) => {
    current = entry;
    return matches(view);
  };
}

/*
 * Comparisons that only the directory can answer become comparisons of an invented boolean with TRUE, which keeps the
 * three-valued logic around them. It is an attribute the schema knows; the option makes sure that no real one is meant.
 */
function testPrefixOf(schema: DirectorySchema): string {
  for (const rule of schema.attributes) if (rule.syntax === 'boolean') return `${rule.key};x-link-test-`;
  throw new RangeError('A schema without a boolean attribute cannot have link tests.');
}

const yes = [Buffer.from('TRUE')];
const no = [Buffer.from('FALSE')];

function withLinkTests(
  manner: DirectoryManner,
  filter: Filter,
  tests: ((entry: DirectoryEntry) => boolean)[],
  testPrefix: string,
): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        kind: filter.kind,
        filters: filter.filters.map((part) => withLinkTests(manner, part, tests, testPrefix)),
      };
    case 'not':
      return { kind: 'not', filter: withLinkTests(manner, filter.filter, tests, testPrefix) };
    default: {
      const test = manner.linkTest(filter);
      if (test === undefined) return filter;
      tests.push(test);
      return { kind: 'equality', attribute: `${testPrefix}${tests.length - 1}`, value: Buffer.from('TRUE') };
    }
  }
}

const schemas = new WeakMap<DirectorySchema, Schema>();

function schemaOf(schema: DirectorySchema): Schema {
  const known = schemas.get(schema);
  if (known !== undefined) return known;
  const parsed = parseSubschema(schema.definitions).schema;
  schemas.set(schema, parsed);
  return parsed;
}
