import { LdapTextError } from '../values/text-error.ts';
import { parseRdns } from './parse-rdns.ts';
import { Rdn } from './rdn.ts';
import { isSimpleDn } from './simple-dn.ts';

/** Far above any real name (Active Directory stops at 255 RDNs), low enough that hostile input costs nothing. */
const MAX_DN_LENGTH = 65_536;

/**
 * A distinguished name: what was given, and a normal form to compare by. Immutable; the forms are made when first
 * asked for, since most names that pass through are only compared or only passed on.
 */
export class Dn {
  /** The name as given, or as built by RFC 4514. This is what is sent to servers and shown to people. */
  readonly text: string;
  readonly #isSimple: boolean;
  #rdns: readonly Rdn[] | undefined;
  #normal: string | undefined;
  #ancestorKey: string | undefined;

  private constructor(text: string, isSimple: boolean, rdns: readonly Rdn[] | undefined) {
    this.text = text;
    this.#isSimple = isSimple;
    this.#rdns = rdns;
  }

  /**
   * Reads a distinguished name (RFC 4514, and the older forms servers still send). The empty text is the root.
   * @throws LdapTextError `DN_SYNTAX` with the position, `DN_LIMIT` above 65,536 characters
   */
  static parse(text: string): Dn {
    if (text.length > MAX_DN_LENGTH) {
      throw new LdapTextError({
        code: 'DN_LIMIT',
        subject: 'Distinguished name',
        found: `${text.length} characters`,
        expected: `at most ${MAX_DN_LENGTH}`,
      });
    }
    return isSimpleDn(text) ? new Dn(text, true, undefined) : new Dn(text, false, parseRdns(text));
  }

  /** The name made of these RDNs, the most specific first. */
  static of(rdns: readonly Rdn[]): Dn {
    return new Dn(rdns.map((rdn) => rdn.text).join(','), false, rdns);
  }

  /** The most specific RDN first; empty for the root. */
  get rdns(): readonly Rdn[] {
    this.#rdns ??= this.text === '' ? [] : this.text.split(',').map(simpleRdn);
    return this.#rdns;
  }

  /**
   * Equal names, and only they, have the same normal form: attribute types in lower case with aliases resolved, values
   * prepared as caseIgnoreMatch does, pairs of an RDN in order, separators inside values as hex pairs.
   */
  get normal(): string {
    this.#normal ??= this.#isSimple ? this.text.toLowerCase() : this.rdns.map((rdn) => rdn.normal).join(',');
    return this.#normal;
  }

  /**
   * Key under which a sorted index holds every entry directly behind its ancestors: normal RDNs from the root downwards,
   * each closed by a comma. A name is at or below another exactly if its key begins with the other's.
   */
  get ancestorKey(): string {
    this.#ancestorKey ??= this.isRoot ? '' : `${this.normal.split(',').reverse().join(',')},`;
    return this.#ancestorKey;
  }

  get isRoot(): boolean {
    return this.normal === '';
  }

  /** Number of RDNs. */
  get depth(): number {
    return this.rdns.length;
  }

  /** The most specific RDN; undefined for the root. */
  get rdn(): Rdn | undefined {
    return this.rdns[0];
  }

  /** The name one level up; undefined for the root. */
  get parent(): Dn | undefined {
    if (this.isRoot) return undefined;
    if (!this.#isSimple) return Dn.of(this.rdns.slice(1));
    const comma = this.text.indexOf(',');
    return new Dn(comma === -1 ? '' : this.text.slice(comma + 1), true, undefined);
  }

  equals(other: Dn): boolean {
    return this === other || this.text === other.text || this.normal === other.normal;
  }

  /** Whether this name lies below `ancestor`, at any depth, and is not the same. */
  isDescendantOf(ancestor: Dn): boolean {
    if (ancestor.isRoot) return !this.isRoot;
    return this.normal.endsWith(`,${ancestor.normal}`);
  }

  isAncestorOf(descendant: Dn): boolean {
    return descendant.isDescendantOf(this);
  }

  /** Whether this name is `base` or lies below it: what a subtree search from `base` covers. */
  isWithin(base: Dn): boolean {
    return this.equals(base) || this.isDescendantOf(base);
  }

  /** The RDNs by which this name lies below `base` (the root name if they are equal); undefined if it does not. */
  relativeTo(base: Dn): Dn | undefined {
    return this.isWithin(base) ? Dn.of(this.rdns.slice(0, this.depth - base.depth)) : undefined;
  }

  /** The name of a child of this entry. */
  child(rdn: Rdn): Dn {
    return Dn.of([rdn, ...this.rdns]);
  }

  /** The same place under another RDN. @throws LdapTextError `DN_SYNTAX` for the root, which has none */
  rename(rdn: Rdn): Dn {
    this.#assertNotRoot('rename');
    return Dn.of([rdn, ...this.rdns.slice(1)]);
  }

  /** The same RDN under another parent. @throws LdapTextError `DN_SYNTAX` for the root, which has none */
  move(parent: Dn): Dn {
    this.#assertNotRoot('move');
    return Dn.of([...this.rdns.slice(0, 1), ...parent.rdns]);
  }

  /** The name after the entry `from` at or above this one became `to`; undefined if `from` is not above. */
  rebase(from: Dn, to: Dn): Dn | undefined {
    const relative = this.relativeTo(from);
    return relative === undefined ? undefined : Dn.of([...relative.rdns, ...to.rdns]);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }

  #assertNotRoot(action: string): void {
    if (!this.isRoot) return;
    throw new LdapTextError({
      code: 'DN_SYNTAX',
      subject: 'Distinguished name',
      found: 'the empty (root) name',
      expected: `a name that has an RDN to ${action}`,
    });
  }
}

/** The empty name: the root DSE. */
export const rootDn: Dn = Dn.parse('');

/** @see {@link Dn.parse} */
export function parseDn(text: string): Dn {
  return Dn.parse(text);
}

/** As {@link parseDn}, with undefined for a text that is no distinguished name. */
export function readDn(text: string): Dn | undefined {
  try {
    return Dn.parse(text);
  } catch (error) {
    if (error instanceof LdapTextError) return undefined;
    throw error;
  }
}

/** Reads a single RDN. @throws LdapTextError `DN_SYNTAX`, also when the text holds none or several */
export function parseRdn(text: string): Rdn {
  const [rdn, ...rest] = Dn.parse(text).rdns;
  if (rdn !== undefined && rest.length === 0) return rdn;
  throw new LdapTextError({
    code: 'DN_SYNTAX',
    subject: 'Relative distinguished name',
    found: rdn === undefined ? 'an empty name' : `${rest.length + 1} RDNs`,
    expected: 'exactly one RDN',
    advice: 'A comma inside a value must be written with a backslash before it.',
  });
}

/**
 * The range of {@link Dn.ancestorKey} that holds `base` and everything below: from inclusive, to exclusive, in any order
 * that compares by code unit or byte (in PostgreSQL: collation "C"). No upper end for the root.
 */
export function ancestorKeyRange(base: Dn): { readonly from: string; readonly to: string | undefined } {
  const from = base.ancestorKey;
  // The comma that closes every RDN is followed by the hyphen in ASCII.
  return { from, to: from === '' ? undefined : `${from.slice(0, -1)}-` };
}

function simpleRdn(text: string): Rdn {
  const equals = text.indexOf('=');
  return new Rdn([{ type: text.slice(0, equals), value: text.slice(equals + 1) }], text);
}
