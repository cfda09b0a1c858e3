import type { Uuid } from '../identity/uuid.ts';
import type { ObjectType } from '../run/outcome.ts';

export const CHARACTER_CASES = ['NONE', 'LOWER', 'UPPER'] as const;
export type CharacterCase = (typeof CHARACTER_CASES)[number];

export const MAPPING_PARSERS = ['NONE', 'EXTRACT_CN_FROM_DN', 'EXTRACT_USERNAME_FROM_EMAIL'] as const;
export type MappingParser = (typeof MAPPING_PARSERS)[number];

/** How one target attribute is made: from exactly one of a source attribute or an expression. */
export interface Mapping {
  readonly id: Uuid;
  readonly name: string;
  readonly objectType: ObjectType;
  readonly targetAttribute: string;
  readonly source: { readonly attribute: string } | { readonly expression: string };
  /** Written when the target object is created and never again (passwords, first locations). */
  readonly createOnly: boolean;
  readonly trim: boolean;
  readonly characterCase: CharacterCase;
  readonly parser: MappingParser;
  /** Used where the source has no value, or the expression fails. */
  readonly defaultValue: string | undefined;
  /** Its values never reach the journal, a log or a preview. */
  readonly masked: boolean;
}

/** A mapping that writes what it finds: no option is on. It is called as its target attribute. */
export function plainMapping({
  id,
  objectType,
  targetAttribute,
  source,
}: Pick<Mapping, 'id' | 'objectType' | 'targetAttribute' | 'source'>): Mapping {
  return {
    id,
    name: targetAttribute,
    objectType,
    targetAttribute,
    source,
    createOnly: false,
    trim: false,
    characterCase: 'NONE',
    parser: 'NONE',
    defaultValue: undefined,
    masked: false,
  };
}
