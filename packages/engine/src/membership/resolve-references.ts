import type { ReadableState } from '../port/readable.ts';
import type { SourceReader } from '../port/source.ts';
import type { MemberLink } from '../port/sync-state.ts';
import { inTurns } from '../run/give-way.ts';

const REFERENCES_AT_ONCE = 5_000;

/** Turns references into the links they mean; what nothing is linked under is absent. */
export interface Resolver {
  resolve(references: Iterable<string>): Promise<ReadonlyMap<string, MemberLink>>;
}

/** Several links may give one reference while a place changes hands: who has a target goes first, then the younger tie. */
function better(found: MemberLink | undefined, other: MemberLink): MemberLink {
  if (found === undefined) return other;
  if ((found.targetId === undefined) !== (other.targetId === undefined))
    return found.targetId === undefined ? other : found;
  return other.number > found.number ? other : found;
}

export function makeResolver(
  state: Pick<ReadableState, 'linksByReferences'>,
  source: Pick<SourceReader, 'referenceOf'>,
): Resolver {
  return {
    resolve: async (references) => {
      const resolved = new Map<string, MemberLink>();
      for await (const chunk of inTurns([...new Set(references)], REFERENCES_AT_ONCE))
        for (const [reference, links] of await state.linksByReferences(chunk)) {
          let found: MemberLink | undefined;
          // Equal hashes are no proof.
          for (const link of links)
            if (link.byOther === true || source.referenceOf(link.place) === reference)
              found = better(found, link);
          if (found !== undefined) resolved.set(reference, found);
        }
      return resolved;
    },
  };
}
