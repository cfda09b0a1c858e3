import { type CompareOperator, type ScimFilter, ScimFilterError, type ScimValue } from './filter.ts';

/** The shape of the model's `Selection`, written again because this room imports nothing. */
export type FilterSelection =
  | { readonly kind: 'and' | 'or'; readonly of: readonly FilterSelection[] }
  | { readonly kind: 'not'; readonly of: FilterSelection }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: CompareOperator;
      readonly value: ScimValue;
    };

export interface SelectionOptions {
  /**
   * The attribute's name as the store spells it, or undefined if there is none. SCIM compares attribute names without
   * regard to case (RFC 7643 §2.1); this is where case is settled.
   */
  readonly resolve: (attribute: string) => string | undefined;
}

/**
 * Turns a filter into a selection. A value path over an attribute whose values are single references, such as
 * `memberOfGroups[id eq "…"]`, becomes the comparison of `memberOfGroups.id`; with several conditions on one value it is
 * refused, because a selection cannot say that one and the same value fulfils them all.
 */
export function selectionOf(filter: ScimFilter, options: SelectionOptions): FilterSelection {
  const translate = (part: ScimFilter, prefix: string): FilterSelection => {
    switch (part.kind) {
      case 'and':
      case 'or':
        return { kind: part.kind, of: part.of.map((inner) => translate(inner, prefix)) };
      case 'not':
        return { kind: 'not', of: translate(part.of, prefix) };
      case 'present':
        return { kind: 'present', attribute: resolved(prefix + part.attribute, part.at, options) };
      case 'compare':
        return {
          kind: 'compare',
          attribute: resolved(prefix + part.attribute, part.at, options),
          operator: part.operator,
          value: part.value,
        };
      case 'valuePath':
        if (!sayableOfOneValue(part.of))
          throw new ScimFilterError(
            `Inside ${part.attribute}[…] only one comparison, or several joined by or, can be evaluated`,
            part.at,
          );
        return translate(part.of, `${prefix}${part.attribute}.`);
    }
  };
  return translate(filter, '');
}

/** "Some value is A or B" splits into two statements; "some value is A and B" and "some value is not A" do not. */
function sayableOfOneValue(filter: ScimFilter): boolean {
  if (filter.kind === 'or') return filter.of.every(sayableOfOneValue);
  return filter.kind === 'present' || (filter.kind === 'compare' && filter.operator !== 'ne');
}

function resolved(attribute: string, at: number, options: SelectionOptions): string {
  const name = options.resolve(attribute);
  if (name === undefined) throw new ScimFilterError(`There is no attribute ${JSON.stringify(attribute)}`, at);
  return name;
}
