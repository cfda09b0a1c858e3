import { type Modification, prepareCaseExact, prepareCaseIgnore, readDn, readUtf8 } from '@sallyport/ldap';
import type { AttributeRule, AttributeSyntax } from './directory-schema.ts';

/** What a manner says when values do not fit; each throws. */
export interface ValueFaults {
  valueExists(rule: AttributeRule): never;
  noSuchValue(rule: AttributeRule): never;
  notSingle(rule: AttributeRule): never;
  badSyntax(rule: AttributeRule): never;
}

export function utf8(text: string): Buffer {
  return Buffer.from(text);
}

/** Two values are the same to the directory exactly if their keys are. */
export function valueKey(syntax: AttributeSyntax, value: Buffer): string {
  switch (syntax) {
    case 'octets':
    case 'sid':
    case 'descriptor':
      return value.toString('latin1');
    case 'dn':
      return readDn(value.toString())?.normal ?? value.toString();
    case 'exactString':
    case 'time':
      return prepareCaseExact(value.toString());
    default:
      return prepareCaseIgnore(value.toString());
  }
}

/** The values after one change of a modify request. Permissive: adding what is there and removing what is not succeed. */
export function changeValues(
  rule: AttributeRule,
  current: readonly Buffer[],
  change: Modification<Buffer>,
  permissive: boolean,
  faults: ValueFaults,
): readonly Buffer[] {
  const key = (value: Buffer) => valueKey(rule.syntax, value);
  switch (change.operation) {
    case 'add': {
      const known = new Set(current.map(key));
      const added = change.values.filter((value) => !known.has(key(value)));
      if (added.length < change.values.length && !permissive) return faults.valueExists(rule);
      return added.length === 0 ? current : [...current, ...added];
    }
    case 'delete': {
      if (current.length === 0) return permissive ? current : faults.noSuchValue(rule);
      if (change.values.length === 0) return [];
      const gone = new Set(change.values.map(key));
      const kept = current.filter((value) => !gone.has(key(value)));
      if (kept.length > current.length - gone.size && !permissive) return faults.noSuchValue(rule);
      return kept;
    }
    case 'replace':
      return change.values;
    case 'increment': {
      const [step] = change.values;
      if (step === undefined || current.length === 0) return faults.noSuchValue(rule);
      return current.map((value) => utf8(String(BigInt(value.toString()) + BigInt(step.toString()))));
    }
  }
}

/** Refuses values that the attribute cannot hold: duplicates, several for one, malformed ones. */
export function assertValues(rule: AttributeRule, values: readonly Buffer[], faults: ValueFaults): void {
  if (rule.singleValued && values.length > 1) faults.notSingle(rule);
  for (const value of values) if (!fitsSyntax(rule.syntax, value)) faults.badSyntax(rule);
  if (
    values.length > 1 &&
    new Set(values.map((value) => valueKey(rule.syntax, value))).size < values.length
  ) {
    faults.valueExists(rule);
  }
}

export function sameValues(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((value, index) => b[index]?.equals(value) === true);
}

function fitsSyntax(syntax: AttributeSyntax, value: Buffer): boolean {
  switch (syntax) {
    case 'octets':
    case 'descriptor':
      return true;
    case 'sid':
      return value.length >= 8;
    case 'integer':
      return isInteger(value, 32n);
    case 'largeInteger':
      return isInteger(value, 64n);
    case 'boolean':
      return /^(?:TRUE|FALSE)$/.test(value.toString());
    case 'anyCaseBoolean':
      return /^(?:TRUE|FALSE)$/i.test(value.toString());
    case 'time':
      return /^\d{10,14}(?:[.,]\d+)?(?:Z|[+-]\d{2,4})$/.test(value.toString());
    case 'dn':
      return isDn(value.toString());
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value.toString());
    default:
      return value.length > 0 && readUtf8(value) !== undefined;
  }
}

function isInteger(value: Buffer, bits: bigint): boolean {
  const text = value.toString();
  if (!/^-?\d{1,20}$/.test(text)) return false;
  const limit = 1n << (bits - 1n);
  const number = BigInt(text);
  return number >= -limit && number < limit;
}

function isDn(text: string): boolean {
  return text !== '' && readDn(text) !== undefined;
}
