import { inspect } from 'node:util';

/**
 * A value that cannot be printed: not by string conversion, JSON, the console or a logger. `reveal()` is the only way
 * out, so that a search for it finds every place where a secret leaves its wrapping.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
