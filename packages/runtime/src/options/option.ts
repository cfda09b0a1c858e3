/** What a text must look like to be a value of an option. `parse` throws a sentence that says what was expected. */
export interface OptionType<T> {
  /** Shown in `--help`: `<port>`, `<file>`, `true|false`. */
  readonly placeholder: string;
  readonly parse: (text: string) => T;
  /** A flag without a value means this text: only switches have one. */
  readonly bareFlag?: string;
}

/**
 * One option, defined once: reading, help and reference all come from here. `environmentVariable` also names the line in
 * an options file. A `secret` option is never echoed, neither its value nor its default.
 */
export interface OptionDefinition<T> {
  readonly type: OptionType<T>;
  readonly environmentVariable: string;
  /** Without dashes, e.g. `log-level`. */
  readonly flag: string;
  readonly description: string;
  readonly defaultValue?: T;
  /** How the reference names a default that is worked out at start. */
  readonly defaultText?: string;
  readonly secret?: boolean;
}

export type OptionTable = Readonly<Record<string, OptionDefinition<unknown>>>;

/** Options with a default always have a value; the others may be undefined. */
export type OptionValues<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends OptionDefinition<infer V>
    ? T[K] extends { readonly defaultValue: unknown }
      ? V
      : V | undefined
    : never;
};
