import type { Comparison, TargetAttribute, TargetPort } from '@sallyport/engine';
import { type AttributeType, readDn, type Schema } from '@sallyport/ldap';
import { isBinaryType } from '../dialect/binary-attributes.ts';
import type { OutboundDialect } from './outbound-dialect.ts';

/** The attribute that stands for the account state, whatever the server calls it. */
const ACTIVE = 'Active';

/** BOOLEAN, INTEGER and DN: RFC 4517 §3.3.3, §3.3.16, §3.3.9. */
export const BOOLEAN_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.7';
const INTEGER_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.27';
const DN_SYNTAX = '1.3.6.1.4.1.1466.115.121.1.12';

const NAME = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9-]+)*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const BOOLEAN = /^(?:true|false)$/i;

/**
 * The attributes that a rule can write in a directory, as the engine checks and compares them: those of its schema, and
 * `Active`, `Password` and `ResetPassword`, which every server has under another name or in another form. A schema that is
 * not complete lets every well-formed name through: the server will say what it does not have.
 */
export function directoryAttributes(
  dialect: OutboundDialect,
  schema: Schema,
): Pick<TargetPort, 'attribute' | 'attributeNames'> {
  const required = new Set(
    dialect.requiredAttributes.map((name) => attributeName(name, schema).toLowerCase()),
  );
  const made = new Map<string, TargetAttribute | undefined>();
  const make = (name: string): TargetAttribute | undefined => {
    const lower = name.toLowerCase();
    if (lower === ACTIVE.toLowerCase()) return dialect.account === undefined ? undefined : activeAttribute();
    const { resetPassword } = dialect;
    if (lower === 'resetpassword' || lower === resetPassword?.attribute.toLowerCase())
      return resetPassword === undefined ? undefined : resetAttribute(resetPassword);
    const real = lower === 'password' ? dialect.passwordAttribute : name;
    const type = schema.attribute(real);
    if (type === undefined && (schema.isComplete || !NAME.test(real))) return undefined;
    // Options (RFC 4512 §2.5) are part of what is written, not of what the schema knows.
    const [base = real, ...options] = real.split(';');
    const shown = attributeName(base, schema);
    return plainAttribute([shown, ...options].join(';'), type, required.has(shown.toLowerCase()), dialect);
  };
  return {
    attribute: (objectType, name) => {
      if (objectType !== 'user') return undefined;
      const key = name.toLowerCase();
      if (!made.has(key)) made.set(key, make(name));
      return made.get(key);
    },
    attributeNames: (objectType) => {
      if (objectType !== 'user') return [];
      const pseudo = dialect.account === undefined ? [] : [ACTIVE];
      const { attributeTypes } = schema;
      return [...pseudo, ...attributeTypes.filter((type) => !type.isReadOnly).map(({ name }) => name)];
    },
  };
}

/**
 * The one name of an attribute that may be written in several. Only the server's own schema may replace an alias: what one
 * server calls `street` or `streetAddress` alike are two attributes of Active Directory.
 */
export function attributeName(name: string, schema: Schema): string {
  const type = schema.attribute(name);
  if (type === undefined) return name;
  if (schema.isComplete) return type.name;
  const lower = name.toLowerCase();
  return type.names.find((known) => known.toLowerCase() === lower) ?? name;
}

function activeAttribute(): TargetAttribute {
  return {
    name: ACTIVE,
    required: false,
    multiValued: false,
    comparison: 'exact',
    kind: 'active',
    fault: () => undefined,
  };
}

function resetAttribute(reset: NonNullable<OutboundDialect['resetPassword']>): TargetAttribute {
  const fits = (value: string): boolean => BOOLEAN.test(value) || value === reset.on || value === reset.off;
  return {
    name: reset.attribute,
    required: false,
    multiValued: false,
    comparison: 'exact',
    kind: 'plain',
    fault: (values) =>
      values.every(fits)
        ? undefined
        : `ResetPassword (${reset.attribute}) must be true or false, found ${JSON.stringify(values[0])}`,
  };
}

function plainAttribute(
  name: string,
  type: AttributeType | undefined,
  required: boolean,
  dialect: OutboundDialect,
): TargetAttribute {
  const multiValued = !(type?.isSingleValued ?? false);
  return {
    name,
    required,
    multiValued,
    comparison: comparisonOf(type, multiValued),
    kind: 'plain',
    fault: (values) => {
      for (const value of values) {
        const expected = expectation(name, type, value, dialect);
        if (expected !== undefined)
          return `${name} must be ${expected}, found ${JSON.stringify(value.slice(0, 80))}`;
      }
      return undefined;
    },
  };
}

/** Values of several are a set (RFC 4512 §2.3); a case that the server does not see is no change to write. */
function comparisonOf(type: AttributeType | undefined, multiValued: boolean): Comparison {
  if (multiValued) return 'unordered';
  return type?.equality === 'caseExact' || type?.equality === 'octetString' ? 'exact' : 'ignoreCase';
}

/** What the value would have to be, or undefined if it may be sent. */
function expectation(
  name: string,
  type: AttributeType | undefined,
  value: string,
  dialect: OutboundDialect,
): string | undefined {
  const key = name.toLowerCase();
  if (type?.isReadOnly === true) return 'left to the directory, which alone writes it';
  if (!value.isWellFormed()) return 'text without halves of surrogate pairs';
  const isPassword = key === dialect.passwordAttribute.toLowerCase();
  if (isBinaryType(type) && !isPassword && !BASE64.test(value)) return 'bytes in Base64';
  if (type?.syntax === BOOLEAN_SYNTAX && !BOOLEAN.test(value)) return 'TRUE or FALSE';
  if (type?.syntax === INTEGER_SYNTAX && !/^-?\d+$/.test(value)) return 'a whole number';
  if (type?.syntax === DN_SYNTAX && readDn(value) === undefined) return 'a distinguished name (RFC 4514)';
  const maximum = dialect.maxLengths.get(key);
  if (maximum !== undefined && value.length > maximum) return `at most ${maximum} characters long`;
  const forbidden = dialect.forbidden.get(key)?.exec(value)?.[0];
  return forbidden === undefined ? undefined : `without the character ${forbidden}`;
}
