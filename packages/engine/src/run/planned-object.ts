import type { Plan } from '../decide/plan.ts';
import type { MappedObject } from '../mapping/compiled-mappings.ts';
import type { OnboardingResult } from '../onboarding/onboarding.ts';
import type { Link, PendingMember } from '../port/sync-state.ts';

/** What an object has to do with memberships, copied while it was alive. */
export interface Belonging {
  /** By which its link is found; undefined leaves what is stored. */
  readonly reference: string | undefined;
  /** Replaced as a whole; undefined leaves what is stored. */
  readonly otherReferences: readonly string[] | undefined;
  /** Of a group whose members were asked for: the references of all of them, each once. */
  readonly members: readonly string[] | undefined;
  /** References of groups that the object says of itself that it belongs to. */
  readonly memberOf: readonly string[];
}

/** An object in scope, read and mapped, and independent of the batch it came in. */
export interface PreparedObject {
  readonly key: string;
  readonly place: string;
  /** What a person recognises: the matching value, else the place. */
  readonly label: string;
  /** Source fingerprint mixed with the mapping digest. */
  readonly fingerprint: string;
  readonly link: Link | undefined;
  readonly mapped: MappedObject | undefined;
  readonly matchingValue: string;
  readonly onboarding: OnboardingResult | undefined;
  /** Undefined where the rule does not look at groups. */
  readonly belonging: Belonging | undefined;
  /** Why it cannot be worked on. */
  readonly failure: { readonly code: string; readonly reason: string } | undefined;
}

/** One object and what is to happen to it. */
export interface PlannedObject {
  /** Empty if the source sent none: such an object has no link. */
  readonly key: string;
  readonly place: string;
  readonly label: string;
  readonly fingerprint: string;
  readonly link: Link | undefined;
  readonly plan: Plan;
  /** Version of the target object the plan was made from; 0 without one. */
  readonly targetVersion: number;
  readonly belonging: Belonging | undefined;
  /** The link is written even if nothing in it changed: it does not know yet what groups call the object. */
  readonly relink: boolean;
  /** Memberships that end with the removal of the target object, and wait for the source object to come back into scope. */
  readonly waits: readonly PendingMember[];
  /** The place that an object gone from scope leaves to others, and the groups it was in; undefined without any. */
  readonly vacates: Vacated | undefined;
}

/** A place that its object has left: whoever stands there now may be meant by groups that were read before that was known. */
export interface Vacated {
  readonly reference: string;
  /** Links of groups that its former holder was in. */
  readonly groupLinks: readonly number[];
}
