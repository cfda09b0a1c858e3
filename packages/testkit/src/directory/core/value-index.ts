import { prepareCaseIgnore, readDn } from '@sallyport/ldap';
import type { DirectoryEntry } from './directory-entry.ts';

/** Which entries hold a value, for attributes that are searched by equality. Over-inclusive: case and spaces are folded. */
export class ValueIndex {
  /** Most values have one holder: a set for each would cost more than the entries themselves. */
  readonly #holders = new Map<string, DirectoryEntry | Set<DirectoryEntry>>();

  readonly #keyOf: (value: Buffer) => string;

  /** `names`: the values are distinguished names, found in any spelling. */
  constructor(kind: 'values' | 'names') {
    this.#keyOf = kind === 'names' ? nameKey : indexKey;
  }

  add(entry: DirectoryEntry, values: readonly Buffer[]): void {
    for (const value of values) {
      const key = this.#keyOf(value);
      const holders = this.#holders.get(key);
      if (holders === undefined) this.#holders.set(key, entry);
      else if (holders instanceof Set) holders.add(entry);
      else if (holders !== entry) this.#holders.set(key, new Set([holders, entry]));
    }
  }

  remove(entry: DirectoryEntry, values: readonly Buffer[]): void {
    for (const value of values) {
      const key = this.#keyOf(value);
      const holders = this.#holders.get(key);
      if (holders === entry) this.#holders.delete(key);
      else if (holders instanceof Set && holders.delete(entry) && holders.size === 0)
        this.#holders.delete(key);
    }
  }

  find(value: Buffer): readonly DirectoryEntry[] {
    const holders = this.#holders.get(this.#keyOf(value));
    if (holders === undefined) return [];
    return holders instanceof Set ? [...holders] : [holders];
  }
}

/** Bytes that are no text keep their own key: latin1 maps each byte to one character. */
function indexKey(value: Buffer): string {
  const text = value.toString();
  return text.includes('\ufffd') ? value.toString('latin1') : prepareCaseIgnore(text);
}

function nameKey(value: Buffer): string {
  const text = value.toString();
  return readDn(text)?.normal ?? text;
}
