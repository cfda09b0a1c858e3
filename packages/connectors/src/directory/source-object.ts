import { hash } from 'node:crypto';
import type { SourceObject } from '@sallyport/engine';
import type { LazyEntry } from '@sallyport/ldap';
import type { ObjectType } from '@sallyport/model';
import type { CompletedValues } from './complete-ranges.ts';
import type { AccountState, Dialect } from './dialect/dialect.ts';

/**
 * The pseudo-attribute that says by which attribute and value the directory finds the object again, wherever it is by then:
 * `objectGUID=…`. No attribute of a directory can have this name (RFC 4512 §2.5).
 */
export const CORRELATION = '@correlation';

/** Characters of a fingerprint: 96 bits of the content's digest at least. */
const LENGTH = 22;

/**
 * An LDAP entry seen as a source object. Nothing is decoded before it is asked for; the fingerprint is a digest of the
 * entry's bytes as the server sent them, so an unchanged entry costs one hash and no text.
 */
export class DirectoryObject implements SourceObject {
  readonly objectType: ObjectType = 'user';
  readonly key: string;
  readonly #entry: LazyEntry;
  readonly #dialect: Dialect;
  readonly #account: AccountState | undefined;
  readonly #fingerprinted: boolean;
  readonly #completed: CompletedValues | undefined;
  #digest: string | undefined;

  constructor(
    entry: LazyEntry,
    dialect: Dialect,
    account: AccountState | undefined,
    fingerprinted: boolean,
    completed?: CompletedValues,
  ) {
    this.#entry = entry;
    this.#dialect = dialect;
    this.#account = account;
    // The digest covers what came in the entry itself, not what was read after it.
    this.#fingerprinted = fingerprinted && completed === undefined;
    this.#completed = completed;
    const bytes = entry.bytes(dialect.keyAttribute);
    this.key = bytes === undefined ? '' : dialect.keyText(bytes);
  }

  get place(): string {
    return this.#entry.dn;
  }

  /** Empty where the entry was read with other attributes than a full read asks for: then only a comparison tells. */
  get fingerprint(): string {
    if (!this.#fingerprinted) return '';
    if (this.#digest === undefined) {
      const reading = this.#account?.reading ?? '';
      const digest = hash('sha256', this.#entry.content, 'base64url');
      this.#digest = digest.slice(0, LENGTH - reading.length) + reading;
    }
    return this.#digest;
  }

  get active(): boolean | undefined {
    return this.#account?.isActive(this.#entry);
  }

  values(attribute: string): readonly string[] {
    switch (attribute.toLowerCase()) {
      case 'dn':
        return [this.#entry.dn];
      case 'active': {
        const active = this.active;
        return active === undefined ? [] : [active ? 'true' : 'false'];
      }
      case this.#dialect.keyAttribute.toLowerCase():
        return this.key === '' ? [] : [this.key];
      case CORRELATION:
        return this.key === '' ? [] : [`${this.#dialect.keyAttribute}=${this.key}`];
    }
    const whole = this.#completed?.get(attribute.toLowerCase());
    if (whole !== undefined)
      return whole.map((bytes) => bytes.toString(this.#isBinary(attribute) ? 'base64' : 'utf8'));
    if (this.#isBinary(attribute))
      return this.#entry.allBytes(attribute).map((bytes) => bytes.toString('base64'));
    return this.#entry.values(attribute);
  }

  attributeNames(): readonly string[] {
    return ['dn', 'Active', ...this.#entry.attributeNames()];
  }

  #isBinary(attribute: string): boolean {
    const [name = '', ...options] = attribute.toLowerCase().split(';');
    return this.#dialect.binaryAttributes.has(name) || options.includes('binary');
  }
}
