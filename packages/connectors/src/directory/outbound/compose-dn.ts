import type { CompiledText, SourceValues } from '@sallyport/engine';
import { type Ava, Dn, LdapTextError, makeRdn, parseDn, Rdn } from '@sallyport/ldap';
import { hasStandIn, protect, protectValues, unprotect } from './protected-text.ts';

/** Where a rule puts its users and how it names them. */
export interface Naming {
  /** Nothing is ever placed outside of it. */
  readonly base: Dn;
  /** The base, or the container below it that the rule names. */
  readonly parent: Dn;
  readonly rdnAttribute: string;
  /** Undefined: the RDN right below the parent. */
  readonly expression: CompiledText | undefined;
}

export type ComposedDn =
  | { readonly ok: true; readonly dn: Dn }
  | { readonly ok: false; readonly code: string; readonly message: string };

const refuse = (code: string, message: string): ComposedDn => ({ ok: false, code, message });

/**
 * Where an object goes in the directory, or why it cannot. Pure.
 *
 * A value of the object never becomes structure, whatever characters it has. The expression is evaluated over values whose
 * special characters are replaced by stand-ins; its result is read as a DN, and the stand-ins become escaped characters
 * inside the values they came in. An expression that itself looks at such characters (compares, splits) gives something
 * else when it sees them: then its result over the plain values counts, if that has the very same parts, and the object is
 * refused if it does not.
 *
 * @param rdnValue the value of the RDN attribute as the mappings made it
 * @param now epoch ms
 */
export function composeDn(
  naming: Naming,
  object: SourceValues,
  rdnValue: string | undefined,
  now: number,
): ComposedDn {
  const { rdnAttribute, expression, parent } = naming;
  if (expression !== undefined && !usesRdn(naming))
    return evaluated(expression, naming, object, undefined, now);
  if (rdnValue === undefined || rdnValue.trim() === '')
    return refuse(
      'REQUIRED_VALUE',
      `The entry is named by ${rdnAttribute}, and the mappings give it no value; map it, or choose another RDN_ATTRIBUTE`,
    );
  // UTF-8 has no form for half a surrogate pair: the name in the directory would be another one.
  if (!rdnValue.isWellFormed())
    return refuse(
      'INVALID_VALUE',
      `The value of ${rdnAttribute} is no text: it has half of a surrogate pair`,
    );
  if (expression === undefined) return { ok: true, dn: parent.child(makeRdn(rdnAttribute, rdnValue)) };
  return evaluated(expression, naming, object, rdnValue, now);
}

/** Whether the name of the entry is made of the value of the RDN attribute. */
export function usesRdn({ expression }: Pick<Naming, 'expression'>): boolean {
  if (expression === undefined) return true;
  return expression.needs.some((name) => name === '*' || name.toUpperCase() === 'RDN');
}

/** What stands at the root of a DN expression beside the attributes; without a value there is no `RDN`. */
export function dnNames(
  { base, parent, rdnAttribute }: Pick<Naming, 'base' | 'parent' | 'rdnAttribute'>,
  rdnValue: string | undefined,
): Readonly<Record<string, string>> {
  return {
    PARENT_DN: parent.text,
    BASE_DN: base.text,
    ...(rdnValue === undefined ? {} : { RDN: `${rdnAttribute}=${rdnValue}` }),
  };
}

function evaluated(
  expression: CompiledText,
  naming: Naming,
  object: SourceValues,
  rdnValue: string | undefined,
  now: number,
): ComposedDn {
  const { base } = naming;
  const names = dnNames(naming, rdnValue === undefined ? undefined : protect(rdnValue));
  const { source, met } = protectValues(object);
  const made = expression.make(source, names, now);
  if (met.standIn || hasStandIn(rdnValue ?? ''))
    return refuse('INVALID_VALUE', 'A value has a character from U+FDD0 to U+FDEF, which is no text');
  if (!made.ok) return refuse(made.code, `DN_EXPRESSION: ${unprotect(made.message)}`);
  const composed = place(made.text, base);
  if (!met.changed) return composed;
  const plain = expression.make(object, names, now);
  if (!plain.ok) return refuse(plain.code, `DN_EXPRESSION: ${unprotect(plain.message)}`);
  if (unprotect(plain.text) === unprotect(made.text)) return composed;
  const seen = place(plain.text, base);
  if (composed.ok && seen.ok && shape(composed.dn) === shape(seen.dn)) return seen;
  if (!seen.ok && seen.code === 'DN_OUTSIDE_BASE') return seen;
  return refuse(
    'INVALID_DN',
    `DN_EXPRESSION looks at characters of a value that have a meaning in a DN, and the value then changes the parts of the name: found ${JSON.stringify(unprotect(plain.text).slice(0, 200))}. Let the expression use the value whole; it is escaped by itself`,
  );
}

/** Reads a DN that may have stand-ins and makes it one to send. */
function place(text: string, base: Dn): ComposedDn {
  let dn: Dn;
  try {
    dn = Dn.of(parseDn(text).rdns.map(settled));
  } catch (error) {
    if (!(error instanceof LdapTextError)) throw error;
    const where = error.position === undefined ? '' : ` at character ${error.position + 1}`;
    return refuse(
      'INVALID_DN',
      `DN_EXPRESSION gave ${JSON.stringify(unprotect(text).slice(0, 200))}, which is no DN${where}: found ${unprotect(error.found)}, expected ${error.expected}`,
    );
  }
  if (dn.rdns.some((rdn) => rdn.avas.some(({ value }) => value === '')))
    return refuse(
      'INVALID_DN',
      `DN_EXPRESSION gave ${JSON.stringify(dn.text.slice(0, 200))}, which has an empty value`,
    );
  if (!dn.text.isWellFormed())
    return refuse('INVALID_VALUE', 'DN_EXPRESSION gave half of a surrogate pair, which is no text');
  if (dn.isDescendantOf(base)) return { ok: true, dn };
  return refuse(
    'DN_OUTSIDE_BASE',
    `DN_EXPRESSION gave ${JSON.stringify(dn.text.slice(0, 200))}, expected a place below ${base.text}`,
  );
}

function settled(rdn: Rdn): Rdn {
  // As given where nothing stood in: what the operator wrote of the base stays as written.
  if (!hasStandIn(rdn.text)) return rdn;
  const [first, ...more] = rdn.avas;
  return new Rdn([settledAva(first), ...more.map(settledAva)]);
}

function settledAva(ava: Ava): Ava {
  return ava.ber === undefined ? { type: ava.type, value: unprotect(ava.value) } : ava;
}

/** The attribute types of each part: what a DN is apart from its values. */
function shape(dn: Dn): string {
  return dn.rdns.map((rdn) => rdn.avas.map(({ type }) => type.toLowerCase()).join('+')).join(',');
}
