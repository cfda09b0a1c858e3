import type { Mapping, ObjectType, TargetActions } from '@sallyport/model';
import type { OnboardingRule } from '../onboarding/compile-onboarding.ts';

/** One rule as the engine needs it, saved or not. Everything about where and how objects are read is bound in the ports. */
export interface EngineRule {
  readonly id: string;
  readonly name: string;
  readonly objectType: ObjectType;
  /** The mappings in force: see `mappingsInForce` for the choice between configured and default ones. */
  readonly mappings: readonly Mapping[];
  /** Target attribute by which an unlinked source object finds its target object; one of the mapped attributes. */
  readonly matchingAttribute: string;
  /** How groups are made; undefined if the rule does not look at groups. Their removals have limits of their own. */
  readonly groups?: GroupRule | undefined;
  /** What new users get; no part of the digest, because users that exist keep what they have. */
  readonly onboarding?: OnboardingRule | undefined;
  readonly actions: TargetActions;
  readonly maxRemovals: number;
  readonly maxRemovalsPercent: number;
  readonly removalGraceDays: number;
  /**
   * What decides which objects are read and how, by the name a person knows it under (`base DN`, `LDAP filter`,
   * `authentication`): a changed value forces a full run, and its name is the reason shown. Values are hashed, never kept.
   */
  readonly scope: Readonly<Record<string, string>>;
}

export interface GroupRule {
  readonly mappings: readonly Mapping[];
  /** Target attribute by which an unlinked group finds its target; the name unless the rule says otherwise. */
  readonly matchingAttribute: string;
  /** Members one group may lose within an hour without a person. */
  readonly maxMemberRemovals: number;
  /** Percent of the group's members at the target; small groups are spared, see `guardMembers`. */
  readonly maxMemberRemovalsPercent: number;
}

/** The rule as it looks upon groups: the same limits, with mappings and matching of their own. Undefined if it does not. */
export function groupView(rule: EngineRule): EngineRule | undefined {
  const { groups } = rule;
  if (groups === undefined) return undefined;
  return {
    ...rule,
    objectType: 'group',
    mappings: groups.mappings,
    matchingAttribute: groups.matchingAttribute,
    onboarding: undefined,
  };
}

/** Defaults are used as long as nothing is configured; the first configured mapping switches all of them off. */
export function mappingsInForce(
  configured: readonly Mapping[],
  defaults: readonly Mapping[],
  objectType: ObjectType,
): readonly Mapping[] {
  const own = configured.filter((mapping) => mapping.objectType === objectType);
  return own.length > 0 ? own : defaults.filter((mapping) => mapping.objectType === objectType);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a disabled object waits before it is deleted; 0 without a grace period. */
export function graceMs(rule: Pick<EngineRule, 'removalGraceDays'>): number {
  return rule.removalGraceDays * DAY_MS;
}
