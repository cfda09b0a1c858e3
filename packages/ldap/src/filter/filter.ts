/**
 * A search filter as a value: the choices of RFC 4511 §4.5.1, with assertion values as bytes.
 *
 * `and` and `or` without members are the absolute true and false filters of RFC 4526.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | {
      readonly kind: 'equality' | 'greaterOrEqual' | 'lessOrEqual' | 'approx';
      readonly attribute: string;
      readonly value: Buffer;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      readonly initial?: Buffer;
      readonly any: readonly Buffer[];
      readonly final?: Buffer;
    }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'extensible';
      readonly attribute?: string;
      readonly matchingRule?: string;
      readonly value: Buffer;
      readonly dnAttributes: boolean;
    };
