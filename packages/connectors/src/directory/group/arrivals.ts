import { attributesOf } from '@sallyport/ldap';
import type { DirectoryContext } from '../directory-context.ts';

/**
 * Who may have come into the scope of the rule during one reading of changes, or goes by another name since: groups name
 * such people and groups of old, and no change of a group says so. A strategy that can tell notes their keys; where none
 * can, anybody who changed may be one.
 */
export class Arrivals {
  readonly #keys = new Set<string>();

  note(key: string): void {
    this.#keys.add(key);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  forget(): void {
    this.#keys.clear();
  }
}

/** Attributes, in lower case, of which a change may bring an object into scope or give it another name. */
export function arrivalAttributes(context: DirectoryContext): ReadonlySet<string> {
  const names = [
    ...attributesOf(context.scope.filter),
    ...attributesOf(context.groupScope.filter),
    // What memberUid holds.
    'uid',
    // Of Active Directory alone: renamed, moved or restored.
    'name',
    'parentGUID',
  ];
  return new Set(names.map((name) => name.toLowerCase()));
}
