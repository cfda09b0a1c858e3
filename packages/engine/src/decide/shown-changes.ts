import type { AttributeChange, ObjectAttributes } from '@sallyport/model';

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

export function activeChange(
  attribute: string,
  before: boolean | undefined,
  after: boolean,
): AttributeChange {
  return { attribute, before: before === undefined ? NONE : [String(before)], after: [String(after)] };
}
