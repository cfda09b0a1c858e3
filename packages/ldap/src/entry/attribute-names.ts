import { latin1Text } from '../ber/buffer-text.ts';
import {
  type AttributeDescription,
  parseAttributeDescription,
  type ValueRange,
} from './attribute-description.ts';

/** How a name is looked for: by its type alone, or by type and exactly these options. */
export interface AttributeLookup {
  readonly withOptions: boolean;
  readonly key: number;
}

/** More names than any schema has; beyond it (ranges make new ones) a fresh table begins. */
const MAX_NAMES = 20_000;

/**
 * Attribute names as they came over the wire, each kept once and known by a number. The same few dozen names stand
 * in every entry of a search: comparing numbers instead of decoding and lower-casing strings is most of the
 * reading speed.
 */
export class AttributeNames {
  readonly #descriptions: string[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #parsed: AttributeDescription[] = [];
  /** Number of the type, if the name answers to the type alone; else -1. */
  readonly #typeKeys: number[] = [];
  readonly #exactKeys: number[] = [];
  /** Name numbers by hash of their octets; those with the same hash follow `#nextWithHash`. */
  readonly #byHash = new Map<number, number>();
  readonly #nextWithHash: number[] = [];
  readonly #keys = new Map<string, number>();
  readonly #lookups = new Map<string, AttributeLookup>();

  get isFull(): boolean {
    return this.#descriptions.length >= MAX_NAMES || this.#lookups.size >= MAX_NAMES;
  }

  /** The number of the name in these octets; a new name gets a new number. */
  intern(bytes: Buffer, start: number, end: number): number {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    let number = this.#byHash.get(hash) ?? -1;
    while (number >= 0) {
      const known = this.#bytes[number];
      if (known !== undefined && sameOctets(known, bytes, start, end)) return number;
      number = this.#nextWithHash[number] ?? -1;
    }
    return this.#add(hash, bytes, start, end);
  }

  /** The name as the server spelt it. */
  description(number: number): string {
    return this.#descriptions[number] ?? '';
  }

  range(number: number): ValueRange | undefined {
    return this.#parsed[number]?.range;
  }

  /**
   * What to look for. A bare type finds the attribute plain, with `;binary` and in ranges, but not its language
   * variants; a name with options finds exactly that.
   */
  lookup(name: string): AttributeLookup {
    const known = this.#lookups.get(name);
    if (known !== undefined) return known;
    const parsed = parseAttributeDescription(name);
    const withOptions = parsed.options.length > 0;
    const lookup = { withOptions, key: this.#key(withOptions ? exactText(parsed) : parsed.type) };
    this.#lookups.set(name, lookup);
    return lookup;
  }

  matches(number: number, lookup: AttributeLookup): boolean {
    return (lookup.withOptions ? this.#exactKeys[number] : this.#typeKeys[number]) === lookup.key;
  }

  #add(hash: number, bytes: Buffer, start: number, end: number): number {
    const number = this.#descriptions.length;
    const description = latin1Text(bytes, start, end);
    const parsed = parseAttributeDescription(description);
    const answersToType = parsed.options.every(
      (option) => option === 'binary' || option.startsWith('range='),
    );
    this.#descriptions.push(description);
    this.#bytes.push(Buffer.from(bytes.subarray(start, end)));
    this.#parsed.push(parsed);
    this.#typeKeys.push(answersToType ? this.#key(parsed.type) : -1);
    this.#exactKeys.push(this.#key(exactText(parsed)));
    this.#nextWithHash.push(this.#byHash.get(hash) ?? -1);
    this.#byHash.set(hash, number);
    return number;
  }

  #key(text: string): number {
    let key = this.#keys.get(text);
    if (key === undefined) {
      key = this.#keys.size;
      this.#keys.set(text, key);
    }
    return key;
  }
}

let shared = new AttributeNames();

/** The table in use; whoever holds an older one keeps it. */
export function sharedAttributeNames(): AttributeNames {
  if (shared.isFull) shared = new AttributeNames();
  return shared;
}

function exactText(parsed: AttributeDescription): string {
  return [parsed.type, ...parsed.options].join(';');
}

function sameOctets(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}
