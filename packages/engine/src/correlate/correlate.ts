import type { Link } from '../port/sync-state.ts';
import type { TargetObject } from '../port/target.ts';

/** Which target object belongs to a source object. None, one and several are three different answers. */
export type Correlation =
  | { readonly kind: 'linked'; readonly target: TargetObject }
  /** Found by the matching attribute. `linkedGone`: the object it was linked to no longer exists. */
  | {
      readonly kind: 'matched';
      readonly target: TargetObject;
      readonly by: string;
      readonly linkedGone: boolean;
    }
  | { readonly kind: 'none'; readonly linkedGone: boolean }
  | { readonly kind: 'conflict'; readonly code: ConflictCode; readonly reason: string };

export type ConflictCode =
  | 'SEVERAL_MATCHES'
  | 'MATCH_LINKED_ELSEWHERE'
  | 'MATCH_OWNED_BY_OTHER_RULE'
  | 'DUPLICATE_MATCHING_VALUE';

export interface CorrelationInput {
  readonly place: string;
  readonly link: Pick<Link, 'number' | 'targetId'> | undefined;
  /** The object the link names, if it still exists. */
  readonly linkedTarget: TargetObject | undefined;
  readonly matchingAttribute: string;
  readonly matchingValue: string;
  /** Whatever the target found by the matching attribute; not looked at while the linked object exists. */
  readonly matches: readonly TargetObject[];
  /** The link of this rule that already holds a target object. */
  readonly holderOf: (targetId: string) => Pick<Link, 'number' | 'place' | 'sourceKey'> | undefined;
  /** The other rule that a target object is linked under, where objects have one owner. */
  readonly otherRuleOf?: ((targetId: string) => string | undefined) | undefined;
}

const NAMED = 5;

/** The stored link first; without one, the matching attribute. Ambiguity is a conflict, never the first hit. */
export function correlate(input: CorrelationInput): Correlation {
  const { link, linkedTarget, matches } = input;
  if (linkedTarget !== undefined) return { kind: 'linked', target: linkedTarget };
  const linkedGone = link?.targetId !== undefined;
  const [target] = matches;
  if (target === undefined) return { kind: 'none', linkedGone };
  const by = `${input.matchingAttribute} = ${input.matchingValue}`;
  if (matches.length > 1) {
    const named = matches.slice(0, NAMED).map((match) => match.id);
    const more = matches.length > NAMED ? ` and ${matches.length - NAMED} more` : '';
    return {
      kind: 'conflict',
      code: 'SEVERAL_MATCHES',
      reason: `${by} fits ${matches.length} target objects: ${named.join(', ')}${more}`,
    };
  }
  const holder = input.holderOf(target.id);
  if (holder !== undefined && holder.number !== link?.number)
    return {
      kind: 'conflict',
      code: 'MATCH_LINKED_ELSEWHERE',
      reason: `${by} fits target object ${target.id}, which is already linked to ${holder.place} (${holder.sourceKey}), not to ${input.place}`,
    };
  const otherRule = input.otherRuleOf?.(target.id);
  if (otherRule !== undefined)
    return {
      kind: 'conflict',
      code: 'MATCH_OWNED_BY_OTHER_RULE',
      reason: `${by} fits target object ${target.id}, which belongs to rule ${JSON.stringify(otherRule)}; narrow the scope of one of the two rules`,
    };
  return { kind: 'matched', target, by, linkedGone };
}
