import type { AttributeChange, ObjectAttributes } from '@sallyport/model';
import type { Onboarding } from '../onboarding/onboarding.ts';

const NONE: readonly string[] = [];

/** Changes as people may see them: values of masked attributes are left out. */
export function shownChanges(
  changes: readonly AttributeChange[],
  masked: ReadonlySet<string>,
): readonly AttributeChange[] {
  if (masked.size === 0) return changes;
  return changes.map((change) =>
    masked.has(change.attribute)
      ? { attribute: change.attribute, before: NONE, after: NONE, masked: true }
      : change,
  );
}

/** A creation as a list of changes from nothing. */
export function createdChanges(attributes: ObjectAttributes): readonly AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const attribute of Object.keys(attributes)) {
    const after = attributes[attribute];
    if (after !== undefined && after.length > 0) changes.push({ attribute, before: NONE, after });
  }
  return changes;
}

/** The password is named and never shown. */
export function onboardingChanges(onboarding: Onboarding | undefined): readonly AttributeChange[] {
  if (onboarding === undefined) return [];
  const changes: AttributeChange[] = [];
  if (onboarding.password !== undefined)
    changes.push({ attribute: 'password', before: NONE, after: NONE, masked: true });
  if (onboarding.population !== undefined)
    changes.push({ attribute: 'population', before: NONE, after: [onboarding.population.text] });
  return changes;
}

export function activeChange(
  attribute: string,
  before: boolean | undefined,
  after: boolean,
): AttributeChange {
  return { attribute, before: before === undefined ? NONE : [String(before)], after: [String(after)] };
}
