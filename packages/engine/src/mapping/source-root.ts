import { type ExpressionRoot, type ExpressionValue, valueFromJson } from '@sallyport/expression';
import type { JsonValue } from '@sallyport/model';
import type { SourceObject } from '../port/source.ts';

/** What the mappings look at: an object that answers values by attribute name. */
export type SourceValues = Pick<SourceObject, 'values' | 'attributeNames' | 'active'> & {
  /**
   * For objects whose attributes have structure (`name.given`, custom JSON): the attribute as data, which expressions
   * then see instead of `values`. Undefined where the object has no such attribute.
   */
  readonly data?: (name: string) => JsonValue | undefined;
};

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
    const object = this.#object;
    if (object === undefined) return null;
    if (object.data !== undefined) return valueFromJson(object.data(name));
    const values = object.values(name);
    if (values.length === 0) return null;
    return values.length === 1 ? (values[0] ?? null) : values;
  }

  names(): readonly string[] {
    return this.#object?.attributeNames() ?? [];
  }
}
