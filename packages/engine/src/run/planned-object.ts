import type { Plan } from '../decide/plan.ts';
import type { MappedObject } from '../mapping/compiled-mappings.ts';
import type { OnboardingResult } from '../onboarding/onboarding.ts';
import type { Link } from '../port/sync-state.ts';

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
}
