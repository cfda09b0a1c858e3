/**
 * Which objects of the identity store are meant. SCIM filters are translated into it at the edge, and it into SQL or into
 * a predicate; attribute names are the API's paths (`username`, `name.given`, `population.id`).
 */
export type Selection =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Selection[] }
  | { readonly kind: 'not'; readonly of: Selection }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: SelectionOperator;
      readonly value: string | number | boolean | null;
    };

export type SelectionOperator = 'eq' | 'ne' | 'sw' | 'ew' | 'co' | 'gt' | 'ge' | 'lt' | 'le';
