import type { Control, Modification, Rdn } from '@sallyport/ldap';
import { CONTROL_OID } from '@sallyport/ldap';
import { assertValues, changeValues, utf8, type ValueFaults, valueKey } from './attribute-values.ts';
import type { DirectoryEntry } from './directory-entry.ts';
import type { AttributeRule, ClassRule, DirectorySchema } from './directory-schema.ts';

/** Attributes of an entry that is being made or changed, by key. */
export type PlannedValues = Map<string, { readonly rule: AttributeRule; readonly values: readonly Buffer[] }>;

/** What a product says when an entry does not fit its schema; each throws. */
export interface SchemaRefusals {
  unknownAttribute(name: string): never;
  unknownClass(name: string): never;
  noStructuralClass(): never;
  missing(className: string, attribute: string): never;
  notAllowed(rule: AttributeRule): never;
  systemOnly(rule: AttributeRule): never;
  namingValueAbsent(type: string): never;
  onRdn(rule: AttributeRule): never;
}

export interface SchemaRules {
  readonly schema: DirectorySchema;
  readonly refusals: SchemaRefusals;
  readonly faults: ValueFaults;
}

export function ruleOf(rules: SchemaRules, name: string): AttributeRule {
  return rules.schema.attribute(name) ?? rules.refusals.unknownAttribute(name);
}

export function hasValue(values: PlannedValues, rule: AttributeRule, value: string): boolean {
  const key = valueKey(rule.syntax, utf8(value));
  return values.get(rule.key)?.values.some((item) => valueKey(rule.syntax, item) === key) === true;
}

/** RFC 4511 §4.7: the values of the RDN must be among the attributes. */
export function assertNamed(rules: SchemaRules, rdn: Rdn, values: PlannedValues): void {
  for (const ava of rdn.avas) {
    if (!hasValue(values, ruleOf(rules, ava.type), ava.value)) rules.refusals.namingValueAbsent(ava.type);
  }
}

/** @returns the structural class that is lowest */
export function assertClasses(rules: SchemaRules, values: PlannedValues): ClassRule {
  const { schema, refusals } = rules;
  const names = values.get('objectclass')?.values.map(String) ?? [];
  const classes = names.map((name) => schema.objectClass(name) ?? refusals.unknownClass(name));
  const structural = classes.filter((rule) => rule.kind === 'STRUCTURAL');
  const lowest = structural.find((rule) => structural.every((other) => rule.chain.includes(other.name)));
  if (lowest === undefined) return refusals.noStructuralClass();
  for (const rule of classes) {
    for (const key of rule.must) if (!values.has(key)) refusals.missing(rule.name, ruleOf(rules, key).name);
  }
  for (const { rule } of values.values()) {
    if (rule.operational || rule.key === 'objectclass') continue;
    if (!classes.some((item) => item.must.has(rule.key) || item.may.has(rule.key))) refusals.notAllowed(rule);
  }
  return lowest;
}

/** The attributes an entry has after a modify request, with its password, and those the request touches. */
export interface PlannedModify {
  readonly touched: PlannedValues;
  readonly password: string | undefined;
}

/**
 * Judges a modify request (RFC 4511 §4.6): the whole of it or nothing. `permissive`: the kinds of change that the
 * permissive modify control excuses on this product.
 */
export function planModify(
  rules: SchemaRules,
  entry: DirectoryEntry,
  changes: readonly Modification<Buffer>[],
  controls: readonly Control[],
  permissive: ReadonlySet<Modification['operation']>,
): PlannedModify {
  const isPermissive = controls.some((control) => control.oid === CONTROL_OID.permissiveModify);
  const touched: PlannedValues = new Map();
  let { password } = entry;
  for (const change of changes) {
    const rule = ruleOf(rules, change.type);
    if (rule.systemOnly || rule.constructed) rules.refusals.systemOnly(rule);
    if (rule.key === 'userpassword') {
      password = change.operation === 'delete' ? undefined : change.values[0]?.toString();
      continue;
    }
    const current = touched.get(rule.key)?.values ?? entry.values(rule.key);
    const excused = isPermissive && permissive.has(change.operation);
    const values = changeValues(rule, current, change, excused, rules.faults);
    assertValues(rule, values, rules.faults);
    touched.set(rule.key, { rule, values });
  }
  const after: PlannedValues = new Map(touched);
  for (const [key, stored] of entry.attributes) {
    if (!after.has(key) && stored.values.length > 0)
      after.set(key, { rule: ruleOf(rules, key), values: stored.values });
  }
  for (const [key, { values }] of touched) if (values.length === 0) after.delete(key);
  for (const ava of entry.rdn.avas) {
    const rule = ruleOf(rules, ava.type);
    if (touched.has(rule.key) && !hasValue(after, rule, ava.value)) rules.refusals.onRdn(rule);
  }
  if (password !== undefined)
    after.set('userpassword', { rule: ruleOf(rules, 'userPassword'), values: [utf8(password)] });
  assertClasses(rules, after);
  return { touched, password };
}

/** The attributes of an add request, judged: those a client may set, with values that fit. */
export function planAdd(
  rules: SchemaRules,
  attributes: readonly { readonly type: string; readonly values: readonly Buffer[] }[],
  trusted: boolean,
): { readonly values: PlannedValues; readonly password: string | undefined } {
  const values: PlannedValues = new Map();
  let password: string | undefined;
  for (const { type, values: given } of attributes) {
    const rule = ruleOf(rules, type);
    if (rule.systemOnly && !trusted) rules.refusals.systemOnly(rule);
    if (rule.constructed) continue;
    assertValues(rule, given, rules.faults);
    if (given.length === 0) rules.faults.badSyntax(rule);
    if (rule.key === 'userpassword') password = given[0]?.toString();
    values.set(rule.key, { rule, values: given });
  }
  return { values, password };
}

/** The values of an attribute with one that the RDN has gained or lost. */
export function withRdnValue(
  rule: AttributeRule,
  current: readonly Buffer[],
  value: string,
  isAdded: boolean,
): readonly Buffer[] {
  const key = valueKey(rule.syntax, utf8(value));
  const others = current.filter((item) => valueKey(rule.syntax, item) !== key);
  return isAdded ? [...others, utf8(value)] : others;
}
