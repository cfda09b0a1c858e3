import type { ExpressionRoot, ExpressionValue } from '@sallyport/expression';
import type { SourceObject } from '../port/source.ts';

/** What the mappings look at: an object that answers values by attribute name. */
export type SourceValues = Pick<SourceObject, 'values' | 'attributeNames' | 'active'>;

/**
 * Source attributes at the root of an expression: one value is a scalar, several are a list, none is null. One root serves
 * all objects of a run in turn, so that an object costs no allocation here.
 */
export class SourceRoot implements ExpressionRoot {
  #object: SourceValues | undefined;

  look(object: SourceValues): void {
    this.#object = object;
  }

  get(name: string): ExpressionValue {
    const values = this.#object?.values(name);
    if (values === undefined || values.length === 0) return null;
    return values.length === 1 ? (values[0] ?? null) : values;
  }

  names(): readonly string[] {
    return this.#object?.attributeNames() ?? [];
  }
}
