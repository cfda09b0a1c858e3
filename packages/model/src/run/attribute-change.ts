/** One attribute of one object, before and after. An empty list means absent. `masked`: the values are secret and left out. */
export interface AttributeChange {
  readonly attribute: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly masked?: boolean;
}

/** Attributes by name; every value a text, booleans `true`/`false`; absent attributes have no key or an empty list. */
export type ObjectAttributes = Readonly<Record<string, readonly string[]>>;
