import { prepareCaseIgnore } from '../values/string-preparation.ts';
import { LdapTextError } from '../values/text-error.ts';
import { attributeTypeKey, isAttributeType } from './attribute-type.ts';
import { escapeDnValue, escapeNormalValue } from './escape.ts';

/** One `type=value` of an RDN. */
export interface Ava {
  /** Attribute type as given: a name or a dotted OID. */
  readonly type: string;
  /** The value unescaped; for a value that is not text, its `#hex` form. */
  readonly value: string;
  /** BER encoding of a value that is not text (RFC 4514 §2.4, `#hex`). */
  readonly ber?: Buffer;
}

/** A relative distinguished name: one or more `type=value` pairs. Immutable. */
export class Rdn {
  readonly avas: readonly [Ava, ...Ava[]];
  #text: string | undefined;
  #normal: string | undefined;

  /** Prefer {@link makeRdn} or `parseRdn`. `text` is the form to keep when the RDN was read from somewhere. */
  constructor(avas: readonly [Ava, ...Ava[]], text?: string) {
    this.avas = avas;
    this.#text = text;
  }

  /** As given when parsed; otherwise escaped by RFC 4514. */
  get text(): string {
    this.#text ??= this.avas.map(printAva).join('+');
    return this.#text;
  }

  /** Equal RDNs, and only they, have the same normal form. */
  get normal(): string {
    this.#normal ??=
      this.avas.length === 1 ? normalAva(this.avas[0]) : this.avas.map(normalAva).sort().join('+');
    return this.#normal;
  }

  /** Attribute type of the first pair, as given. */
  get type(): string {
    return this.avas[0].type;
  }

  /** Unescaped value of the first pair. */
  get value(): string {
    return this.avas[0].value;
  }

  /** The unescaped value of `type` (any alias, any case), if the RDN has it. */
  readValue(type: string): string | undefined {
    const key = attributeTypeKey(type);
    return this.avas.find((ava) => attributeTypeKey(ava.type) === key)?.value;
  }

  equals(other: Rdn): boolean {
    return this === other || this.normal === other.normal;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/**
 * Builds an RDN from unescaped values.
 * @throws LdapTextError `DN_SYNTAX` when an attribute type is not a name or OID.
 */
export function makeRdn(type: string, value: string, ...more: readonly Ava[]): Rdn {
  const avas: readonly [Ava, ...Ava[]] = [{ type, value }, ...more];
  for (const ava of avas) {
    if (isAttributeType(ava.type)) continue;
    throw new LdapTextError({
      code: 'DN_SYNTAX',
      subject: 'Relative distinguished name',
      found: JSON.stringify(ava.type),
      expected: 'an attribute name (letters, digits, hyphens) or a dotted OID',
    });
  }
  return new Rdn(avas);
}

function printAva(ava: Ava): string {
  return `${ava.type}=${ava.ber === undefined ? escapeDnValue(ava.value) : `#${ava.ber.toString('hex')}`}`;
}

function normalAva(ava: Ava): string {
  const value =
    ava.ber === undefined ? escapeNormalValue(prepareCaseIgnore(ava.value)) : `#${ava.ber.toString('hex')}`;
  return `${attributeTypeKey(ava.type)}=${value}`;
}
