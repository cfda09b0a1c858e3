import { readDn } from '../dn/dn.ts';
import type { ComparisonKind } from '../schema/comparison.ts';
import type { Schema } from '../schema/schema.ts';
import { parseDnWithBinary } from '../values/dn-with-binary.ts';
import { parseGeneralizedTime, parseUtcTime } from '../values/generalized-time.ts';
import {
  prepareCaseExact,
  prepareCaseIgnore,
  prepareNumericString,
  prepareTelephoneNumber,
} from '../values/string-preparation.ts';
import { LdapTextError } from '../values/text-error.ts';
import { readUtf8 } from '../values/utf8.ts';

/** A value in the form in which `===` is the equality rule and `<` the ordering rule. */
export type Comparable = string | number | bigint;

export type Normalize = (value: Buffer) => Comparable | undefined;

/**
 * The normal form of values under a kind of comparison (RFC 4517 §4.2); undefined for a value that is not of the
 * syntax, which then matches nothing.
 */
export function makeNormalizer(kind: ComparisonKind, schema: Schema): Normalize {
  if (kind === 'octetString') return bytesInOrder;
  const normalize = textNormalizer(kind, schema);
  return (value) => {
    const text = readUtf8(value);
    // Text attributes do hold other bytes in the field; they equal only themselves.
    if (text === undefined) return isString(kind) ? `\u0000${bytesInOrder(value)}` : undefined;
    return normalize(text);
  };
}

function textNormalizer(
  kind: Exclude<ComparisonKind, 'octetString'>,
  schema: Schema,
): (text: string) => Comparable | undefined {
  switch (kind) {
    case 'caseIgnore':
      return prepareCaseIgnore;
    case 'caseExact':
      return prepareCaseExact;
    case 'caseIgnoreList':
      return (text) => text.split('$').map(prepareCaseIgnore).join('$');
    case 'numericString':
      return prepareNumericString;
    case 'telephoneNumber':
      return prepareTelephoneNumber;
    case 'integer':
      return readInteger;
    case 'boolean':
      return (text) => (/^(?:true|false)$/i.test(text) ? text.toUpperCase() : undefined);
    case 'bitString':
      return (text) => /^'([01]*)'B$/i.exec(text)?.[1];
    case 'uuid':
      return (text) =>
        /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(text)
          ? text.replaceAll('-', '').toLowerCase()
          : undefined;
    case 'distinguishedName':
      return (text) => readDn(text)?.normal;
    case 'nameAndOptionalUid':
      return readNameAndOptionalUid;
    case 'dnWithBinary':
      return (text) => orUndefined(() => readDnWithBinary(text));
    case 'generalizedTime':
      return (text) => orUndefined(() => parseGeneralizedTime(text));
    case 'utcTime':
      return (text) => orUndefined(() => parseUtcTime(text));
    case 'objectIdentifier':
      return (text) => objectIdentifierKey(text, schema);
  }
}

/** The OID behind a name, as far as the schema knows it, so that names and OIDs compare equal. */
export function objectIdentifierKey(text: string, schema: Schema): string {
  const name = text.trim();
  return (schema.objectClass(name)?.oid ?? schema.attribute(name)?.oid ?? name).toLowerCase();
}

/** Exact at any size: a number while it holds the integer, a bigint beyond. */
export function readInteger(text: string): number | bigint | undefined {
  if (!/^[+-]?\d{1,1000}$/.test(text)) return undefined;
  const value = Number(text);
  // -0 and 0 are one integer; `===` sees them as equal.
  return Number.isSafeInteger(value) ? value : BigInt(text.startsWith('+') ? text.slice(1) : text);
}

/** Every byte as one character: equality and order of the text are those of the bytes. */
function bytesInOrder(value: Buffer): string {
  return value.toString('latin1');
}

function isString(kind: ComparisonKind): boolean {
  return kind === 'caseIgnore' || kind === 'caseExact';
}

function readNameAndOptionalUid(text: string): string | undefined {
  const uid = /#('[01]*'B)$/.exec(text)?.[1] ?? '';
  const name = readDn(uid === '' ? text : text.slice(0, -uid.length - 1))?.normal;
  return name === undefined ? undefined : `${name}#${uid}`;
}

function readDnWithBinary(text: string): string | undefined {
  const { bytes, dn } = parseDnWithBinary(text);
  const name = readDn(dn)?.normal;
  return name === undefined ? undefined : `${bytes.toString('hex')}:${name}`;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof LdapTextError) return undefined;
    throw error;
  }
}
