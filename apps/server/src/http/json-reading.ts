import type { JsonValue } from '@sallyport/model';

/** Reading of stored JSON: a part that has another shape than it was written with counts as absent. */
type Json = JsonValue | undefined;

export function readJsonObject(value: Json): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

export function readJsonArray(value: Json): readonly JsonValue[] {
  return isList(value) ? value : [];
}

export function readJsonText(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readJsonBoolean(value: Json): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

export function readJsonTexts(value: Json): readonly string[] {
  return readJsonArray(value).flatMap((item) => readJsonText(item) ?? []);
}

// Array.isArray does not narrow away a readonly array.
function isList(value: Json): value is readonly JsonValue[] {
  return Array.isArray(value);
}
