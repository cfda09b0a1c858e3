import { createHash, hash } from 'node:crypto';
import type { SourceObject } from '@sallyport/engine';
import type { LazyEntry } from '@sallyport/ldap';
import type { ObjectType } from '@sallyport/model';
import type { CompletedValues } from './complete-ranges.ts';
import { CORRELATION } from './correlation.ts';
import type { AccountState, Dialect } from './dialect/dialect.ts';
import { dnReference, loginReference } from './group/reference.ts';

/** Characters of a fingerprint: 96 bits of the content's digest at least. */
const LENGTH = 22;

/** The members of one group, direct or all there are below. */
export interface Membership {
  readonly members: Iterable<string>;
  /** What was read elsewhere than in the entry itself and belongs into its fingerprint. */
  readonly foreign: readonly string[];
}

/** What an object is made of beside its entry. The same for all objects of a batch, but for the optional parts. */
export interface ObjectParts {
  readonly objectType: ObjectType;
  readonly dialect: Dialect;
  readonly account: AccountState | undefined;
  /** Whether the entry was read with the attributes of a full read. */
  readonly fingerprinted: boolean;
  readonly completed?: CompletedValues | undefined;
  readonly membership?: Membership | undefined;
  /** Attribute by whose values groups may name this object. */
  readonly loginAttribute?: string | undefined;
  /** References of primary groups by their number; absent where nobody asks. */
  readonly primaryGroups?: ReadonlyMap<string, string> | undefined;
  readonly fault?: { readonly code: string; readonly message: string } | undefined;
}

/**
 * An LDAP entry seen as a source object. Nothing is decoded before it is asked for; the fingerprint is a digest of the
 * entry's bytes as the server sent them, so an unchanged entry costs one hash and no text.
 */
export class DirectoryObject implements SourceObject {
  readonly key: string;
  readonly #entry: LazyEntry;
  readonly #parts: ObjectParts;
  #digest: string | undefined;
  #references: readonly string[] | undefined;

  constructor(entry: LazyEntry, parts: ObjectParts) {
    this.#entry = entry;
    this.#parts = parts;
    const bytes = entry.bytes(parts.dialect.keyAttribute);
    this.key = bytes === undefined ? '' : parts.dialect.keyText(bytes);
  }

  get objectType(): ObjectType {
    return this.#parts.objectType;
  }

  get place(): string {
    return this.#entry.dn;
  }

  /** Empty where the entry was read with other attributes than a full read asks for: then only a comparison tells. */
  get fingerprint(): string {
    if (!this.#parts.fingerprinted) return '';
    if (this.#digest === undefined) {
      const reading = this.#parts.account?.reading ?? '';
      this.#digest = this.#contentDigest().slice(0, LENGTH - reading.length) + reading;
    }
    return this.#digest;
  }

  get active(): boolean | undefined {
    return this.objectType === 'group' ? undefined : this.#parts.account?.isActive(this.#entry);
  }

  get references(): readonly string[] {
    if (this.#references === undefined) {
      const { loginAttribute } = this.#parts;
      const logins = loginAttribute === undefined ? [] : this.#entry.values(loginAttribute);
      this.#references = [dnReference(this.#entry.dn), ...logins.map(loginReference)];
    }
    return this.#references;
  }

  get members(): Iterable<string> | undefined {
    return this.#parts.membership?.members;
  }

  get memberOf(): readonly string[] | undefined {
    const { primaryGroups } = this.#parts;
    if (primaryGroups === undefined) return undefined;
    const group = primaryGroups.get(this.#entry.first('primaryGroupID') ?? '');
    return group === undefined ? [] : [group];
  }

  get fault(): { readonly code: string; readonly message: string } | undefined {
    return this.#parts.fault;
  }

  values(attribute: string): readonly string[] {
    switch (attribute.toLowerCase()) {
      case 'dn':
        return [this.#entry.dn];
      case 'active': {
        const active = this.active;
        return active === undefined ? [] : [active ? 'true' : 'false'];
      }
      case this.#parts.dialect.keyAttribute.toLowerCase():
        return this.key === '' ? [] : [this.key];
      case CORRELATION:
        return this.key === '' ? [] : [`${this.#parts.dialect.keyAttribute}=${this.key}`];
    }
    const whole = this.#parts.completed?.get(attribute.toLowerCase());
    if (whole !== undefined)
      return whole.map((bytes) => bytes.toString(this.#isBinary(attribute) ? 'base64' : 'utf8'));
    if (this.#isBinary(attribute))
      return this.#entry.allBytes(attribute).map((bytes) => bytes.toString('base64'));
    return this.#entry.values(attribute);
  }

  attributeNames(): readonly string[] {
    return ['dn', 'Active', ...this.#entry.attributeNames()];
  }

  #contentDigest(): string {
    const { completed, membership, fault } = this.#parts;
    const foreign = [...(membership?.foreign ?? []), ...(fault === undefined ? [] : [fault.message])];
    if (completed === undefined && foreign.length === 0)
      return hash('sha256', this.#entry.content, 'base64url');
    const digest = createHash('sha256').update(this.#entry.content);
    for (const [name, values] of completed ?? []) {
      digest.update(`\0${name}\0${values.length}\0`);
      // The first range is in the entry already; hashing it twice costs less than finding where it ends.
      for (const value of values) digest.update(value).update('\0');
    }
    for (const reference of foreign.sort()) digest.update('\0').update(reference);
    return digest.digest('base64url');
  }

  #isBinary(attribute: string): boolean {
    const [name = '', ...options] = attribute.toLowerCase().split(';');
    return this.#parts.dialect.binaryAttributes.has(name) || options.includes('binary');
  }
}
