import {
  type CompiledMapping,
  type CompiledMappings,
  type CompiledText,
  compileMappings,
  compileText,
  type MappingValue,
  makeMapper,
  type SourceValues,
} from '@sallyport/engine';
import { type AttributeValues, type Dn, escapeDnValue, LdapTextError, type Schema } from '@sallyport/ldap';
import { CodedError, type ErrorDetail, type Mapping } from '@sallyport/model';
import { type ComposedDn, composeDn, dnNames, type Naming, usesRdn } from './compose-dn.ts';
import { attributeName, directoryAttributes } from './directory-attributes.ts';
import { ldapValues } from './ldap-values.ts';
import type { AttributeTexts, OutboundDialect } from './outbound-dialect.ts';
import type { OutboundSettings } from './outbound-settings.ts';

/** One outbound rule: what it maps, where it puts users, and what it writes to. */
export interface OutboundRule {
  /** The mappings in force, of users only. */
  readonly mappings: readonly Mapping[];
  readonly settings: OutboundSettings;
  readonly dialect: OutboundDialect;
  readonly schema: Schema;
}

/** A user as an entry of the directory, ready to be added or compared. */
export interface OutboundEntry {
  readonly dn: Dn;
  /** Attributes with values only, object classes and the account's flag among them. */
  readonly attributes: readonly AttributeValues[];
  readonly active: boolean | undefined;
  /** Names of attributes whose values must not be shown. */
  readonly masked: ReadonlySet<string>;
}

export type OutboundResult =
  | { readonly ok: true; readonly entry: OutboundEntry }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Each mapping's values, or what is wrong with them, and the place they lead to. */
export interface OutboundExplanation {
  readonly mapped: readonly { readonly mapping: CompiledMapping; readonly value: MappingValue }[];
  readonly place: ComposedDn;
  readonly result: OutboundResult;
}

export interface CompiledOutbound {
  readonly mappings: CompiledMappings;
  /** `now` is epoch ms, one instant for a run. */
  entry(user: SourceValues, now: number): OutboundResult;
  explain(user: SourceValues, now: number): OutboundExplanation;
  /** `RDN`, `PARENT_DN` and `BASE_DN` as a DN expression sees them; without a value there is no `RDN`. */
  names(user: SourceValues, now: number): Readonly<Record<string, string>>;
}

/**
 * Checks and compiles everything that makes entries of users.
 * @throws CodedError `INVALID_MAPPINGS` with every fault: those of `compileMappings`, required attributes and the naming
 * attribute that no mapping makes.
 * @throws ExpressionError for a faulty DN expression
 */
export function compileOutbound(rule: OutboundRule): CompiledOutbound {
  const { settings, dialect, schema } = rule;
  const { base, parent, rdnAttribute, dnExpression } = settings;
  const expression: CompiledText | undefined =
    dnExpression === undefined ? undefined : compileText(dnExpression);
  const naming: Naming = { base, parent, rdnAttribute, expression };
  const attributes = directoryAttributes(dialect, schema);
  const password = dialect.passwordAttribute;
  const mappings = compileMappings(
    {
      objectType: 'user',
      matchingAttribute: settings.matchingAttribute,
      // A password is never shown, whatever the mapping says.
      mappings: rule.mappings.map((mapping) =>
        attributes.attribute('user', mapping.targetAttribute)?.name === password
          ? { ...mapping, masked: true }
          : mapping,
      ),
    },
    attributes,
  );
  const faults = missingAttributes(rule, naming, mappings);
  if (faults.length > 0)
    throw new CodedError('INVALID_MAPPINGS', faults.map(({ message }) => message).join('; '), {
      details: faults,
    });
  const rdnName = attributes.attribute('user', rdnAttribute)?.name ?? rdnAttribute;
  const all = mappings.active === undefined ? mappings.plain : [...mappings.plain, mappings.active];

  const finish = (
    values: Readonly<Record<string, readonly string[]>>,
    active: boolean | undefined,
    place: ComposedDn,
  ): OutboundResult => {
    if (!place.ok) return place;
    try {
      const texts = entryTexts(values, active, place.dn, rule);
      return {
        ok: true,
        entry: {
          dn: place.dn,
          attributes: texts.map((one) => ldapValues(one.attribute, one.values, dialect, schema)),
          active,
          masked: mappings.masked,
        },
      };
    } catch (error) {
      if (error instanceof LdapTextError) return { ok: false, code: 'INVALID_VALUE', message: error.message };
      if (error instanceof CodedError) return { ok: false, code: error.code, message: error.message };
      throw error;
    }
  };

  const entry = (user: SourceValues, now: number): OutboundResult => {
    const mapped = makeMapper(mappings, now).map(user);
    if (!mapped.ok) return { ok: false, code: mapped.failure.code, message: mapped.failure.message };
    const { attributes: values, active } = mapped.object;
    return finish(values, active, composeDn(naming, user, values[rdnName]?.[0], now));
  };

  const explain = (user: SourceValues, now: number): OutboundExplanation => {
    const mapper = makeMapper(mappings, now);
    const mapped = all.map((mapping) => ({ mapping, value: mapper.value(mapping, user) }));
    const place = composeDn(naming, user, rdnValueOf(mapped), now);
    return { mapped, place, result: entry(user, now) };
  };

  const rdnValueOf = (mapped: OutboundExplanation['mapped']): string | undefined => {
    const rdn = mapped.find(({ mapping }) => mapping.target.name === rdnName)?.value;
    return rdn !== undefined && 'values' in rdn ? rdn.values[0] : undefined;
  };

  return {
    mappings,
    entry,
    explain,
    names: (user, now) => {
      const value = rdnValueOf(explain(user, now).mapped);
      return dnNames(naming, value === undefined ? undefined : escapeDnValue(value));
    },
  };
}

function missingAttributes(
  { dialect, schema, settings }: OutboundRule,
  naming: Naming,
  mappings: CompiledMappings,
): readonly ErrorDetail[] {
  const made = new Set(mappings.plain.map(({ target }) => target.name.toLowerCase()));
  const nameOf = (name: string): string => attributeName(name, schema);
  const faults = dialect.requiredAttributes
    .filter((name) => !made.has(nameOf(name).toLowerCase()))
    .map((name) => ({
      code: 'REQUIRED_VALUE',
      target: name,
      message: `No mapping makes ${name}, without which the directory takes no user; map it`,
    }));
  const { rdnAttribute } = settings;
  const isListed = dialect.requiredAttributes.some(
    (name) => nameOf(name).toLowerCase() === nameOf(rdnAttribute).toLowerCase(),
  );
  if (!isListed && usesRdn(naming) && !made.has(nameOf(rdnAttribute).toLowerCase()))
    faults.push({
      code: 'REQUIRED_VALUE',
      target: rdnAttribute,
      message: `No mapping makes ${rdnAttribute}, by which entries are named; map it, or choose another RDN_ATTRIBUTE`,
    });
  return faults;
}

/** Everything the entry holds, as texts: mapped values, object classes, the account's flag, and what its name says. */
function entryTexts(
  values: Readonly<Record<string, readonly string[]>>,
  active: boolean | undefined,
  dn: Dn,
  { dialect, schema }: OutboundRule,
): readonly AttributeTexts[] {
  const texts = new Map<string, AttributeTexts>();
  const keyOf = (name: string): string => attributeName(name, schema).toLowerCase();
  texts.set('objectclass', { attribute: 'objectClass', values: dialect.objectClasses });
  for (const [attribute, made] of Object.entries(values))
    if (made.length > 0) texts.set(attribute.toLowerCase(), { attribute, values: made });
  for (const name of dialect.requiredAttributes)
    if (!texts.has(keyOf(name)))
      throw new CodedError('REQUIRED_VALUE', `${name} is required, the user gives no value`);
  if (active !== undefined && dialect.account !== undefined) {
    const flag = dialect.account(active, (name) => texts.get(keyOf(name))?.values[0]);
    if (flag.values.length > 0) texts.set(keyOf(flag.attribute), flag);
  }
  for (const { type, value } of dn.rdn?.avas ?? []) {
    const known = texts.get(keyOf(type));
    if (known?.values.some((one) => one.toLowerCase() === value.toLowerCase())) continue;
    if (known !== undefined && schema.attribute(type)?.isSingleValued === true)
      throw new CodedError(
        'INVALID_DN',
        `DN_EXPRESSION names the entry ${type}=${value}, but the mappings make ${known.attribute} ${JSON.stringify(known.values[0])}, and it takes one value only; make both the same`,
      );
    // The naming value is an attribute of the entry like any other (RFC 4512 §2.3.2).
    texts.set(keyOf(type), {
      attribute: known?.attribute ?? type,
      values: [...(known?.values ?? []), value],
    });
  }
  return [...texts.values()];
}
