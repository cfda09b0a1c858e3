import { type AttributeValues, encodeUnicodePwd, type Schema } from '@sallyport/ldap';
import { isBinaryType } from '../dialect/binary-attributes.ts';
import { BOOLEAN_SYNTAX } from './directory-attributes.ts';
import type { OutboundDialect } from './outbound-dialect.ts';

/**
 * Texts of one attribute as LDAP sends them: UTF-8 (RFC 4511 §4.1.2), bytes where the texts are Base64, and the forms that
 * booleans, AD's password and its reset flag have. The texts have passed the attribute's own check.
 */
export function ldapValues(
  attribute: string,
  texts: readonly string[],
  dialect: OutboundDialect,
  schema: Schema,
): AttributeValues {
  const key = attribute.toLowerCase();
  const { resetPassword } = dialect;
  if (key === dialect.passwordAttribute.toLowerCase())
    return {
      type: attribute,
      values: texts.map((text) =>
        key === 'unicodepwd' ? encodeUnicodePwd(text) : Buffer.from(text, 'utf8'),
      ),
    };
  if (resetPassword !== undefined && key === resetPassword.attribute.toLowerCase())
    return {
      type: attribute,
      values: texts.map((text) => Buffer.from(resetText(text, resetPassword), 'latin1')),
    };
  const type = schema.attribute(attribute);
  if (isBinaryType(type))
    return { type: attribute, values: texts.map((text) => Buffer.from(text, 'base64')) };
  const isBoolean = type?.syntax === BOOLEAN_SYNTAX;
  return {
    type: attribute,
    values: texts.map((text) => Buffer.from(isBoolean ? text.toUpperCase() : text, 'utf8')),
  };
}

function resetText(text: string, reset: NonNullable<OutboundDialect['resetPassword']>): string {
  const lower = text.toLowerCase();
  if (lower === 'true') return reset.on;
  return lower === 'false' ? reset.off : text;
}
