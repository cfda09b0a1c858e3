import type { AttributeChange, LinkStatus, ObjectAttributes, Outcome, Presence } from '@sallyport/model';
import type { Correlation } from '../correlate/correlate.ts';
import type { Onboarding, OnboardingResult } from '../onboarding/onboarding.ts';
import type { Link } from '../port/sync-state.ts';
import type { Permissions } from '../rule/permissions.ts';

/** A write at the target, its values unmasked. The id of a new object is given when the plan is carried out. */
export type PlannedWrite =
  | {
      readonly kind: 'create';
      readonly active: boolean;
      readonly attributes: ObjectAttributes;
      readonly onboarding: Onboarding | undefined;
    }
  | {
      readonly kind: 'update';
      readonly targetId: string;
      readonly active: boolean | undefined;
      readonly changes: readonly AttributeChange[];
    }
  | { readonly kind: 'delete'; readonly targetId: string };

/** What is to happen to one object, and what its link is to say afterwards. A value: it can be shown, counted, stored and refused. */
export interface Plan {
  readonly outcome: Outcome;
  readonly status: LinkStatus;
  /** One or more sentences for people, without the final full stop. */
  readonly reason: string;
  readonly errorCode: string | undefined;
  readonly write: PlannedWrite | undefined;
  /** Before and after of everything written, the account state included; secret values left out. */
  readonly changes: readonly AttributeChange[];
  /** The tie after the plan; undefined while nothing exists at the target, and for a creation until it is carried out. */
  readonly targetId: string | undefined;
  readonly presence: Presence;
  readonly disabledByRule: boolean;
  readonly deleteAfter: number | undefined;
  /** The tie ends with this plan: neither side exists any more. */
  readonly removeLink: boolean;
}

/** What the source says of one object. */
export type SourceState =
  | {
      readonly kind: 'present';
      readonly active: boolean | undefined;
      readonly attributes: ObjectAttributes;
      /** Where the object differs from its target, unmasked; empty without a target. */
      readonly differences: readonly AttributeChange[];
      /** What it gets if it is new, or why it cannot be made. */
      readonly onboarding?: OnboardingResult | undefined;
    }
  /** In scope, but it cannot be worked on: empty key or matching value, failed mapping. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  | { readonly kind: 'gone'; readonly how: 'deleted' | 'outOfScope'; readonly detail: string };

export type LinkFacts = Pick<
  Link,
  'targetId' | 'presence' | 'status' | 'disabledByRule' | 'deleteAfter' | 'reason' | 'outcome'
>;

export interface DecideInput {
  readonly permissions: Permissions;
  readonly source: SourceState;
  readonly link: LinkFacts | undefined;
  readonly correlation: Correlation;
  /** Attributes whose values never leave the engine but in a write. */
  readonly masked: ReadonlySet<string>;
  /** The target's name for the account state. */
  readonly activeAttribute: string;
  /** 0: no grace period. */
  readonly graceMs: number;
  readonly now: number;
}
