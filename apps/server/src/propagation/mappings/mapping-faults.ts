import { USER_SYSTEM_PATHS } from '@sallyport/connectors';
import type { Schema } from '@sallyport/ldap';
import { readExpression } from '../../expressions/expression-faults.ts';
import { isSecretAttribute } from '../../gateways/secret-attributes.ts';
import type { Faults } from '../../http/refuse.ts';

/** Names every source has beside its schema. */
const PSEUDO_ATTRIBUTES = new Set(['active', 'dn']);

/** The source attributes an expression reads; its faults are collected with their places. */
export function checkExpression(text: string, target: string, faults: Faults): readonly string[] {
  return readExpression(text, target, faults)?.attributes ?? [];
}

/**
 * As `checkExpression`, for an expression over a user of the identity store. An attribute that users do not have yet is
 * worth a word, not a refusal: custom ones may be added later, and an unknown one is null.
 */
export function checkUserExpression(
  text: string,
  userPaths: readonly string[],
  target: string,
  faults: Faults,
): void {
  checkUserPaths(readExpression(text, target, faults)?.paths ?? [], userPaths, target, faults);
}

/** `userPaths`: what users have beside `id`, `enabled` and their population, as `name.given`. */
export function checkUserPaths(
  paths: readonly string[],
  userPaths: readonly string[],
  target: string,
  faults: Faults,
): void {
  const known = [...userPaths, ...USER_SYSTEM_PATHS].map((path) => path.toLowerCase());
  for (const path of paths) {
    const lower = path.toLowerCase();
    const [whole = lower] = lower.split('.', 1);
    // `name` as a whole, and whatever is inside of a custom attribute.
    const isKnown = known.some((one) => one === lower || one === whole || one.startsWith(`${lower}.`));
    if (!isKnown)
      faults.warn(
        'UNKNOWN_ATTRIBUTE',
        target,
        `Users have no attribute ${JSON.stringify(path)}: it has no value in any of them`,
      );
  }
}

/**
 * Names that the directory does not have; without a complete schema nothing is said: silence beats a wrong refusal. Names of
 * secrets in any case: what is mapped is shown by previews and the journal, what is compared can be guessed.
 */
export function checkSourceAttributes(
  names: readonly string[],
  schema: Schema | undefined,
  target: string,
  faults: Faults,
): void {
  for (const name of new Set(names))
    if (isSecretAttribute(name))
      faults.add(
        'SECRET_ATTRIBUTE',
        target,
        `${name} holds secrets, which rules neither read nor compare; take it out`,
      );
  if (schema === undefined || !schema.isComplete) return;
  for (const name of names) {
    // `userCertificate;binary`: options are no part of the attribute (RFC 4512 §2.5).
    const base = name.split(';', 1)[0] ?? name;
    if (PSEUDO_ATTRIBUTES.has(base.toLowerCase()) || schema.attribute(base) !== undefined) continue;
    faults.add(
      'UNKNOWN_ATTRIBUTE',
      target,
      `The directory has no attribute ${JSON.stringify(base)}${similarTo(base, schema)}`,
    );
  }
}

function similarTo(name: string, schema: Schema): string {
  const lower = name.toLowerCase();
  const similar = schema.attributeTypes
    .map((type) => type.name)
    .filter((known) => known.toLowerCase().includes(lower) || lower.includes(known.toLowerCase()))
    .filter((known) => known.length >= 3)
    .toSorted((a, b) => Math.abs(a.length - name.length) - Math.abs(b.length - name.length))
    .slice(0, 3);
  return similar.length === 0 ? '' : `; did you mean ${similar.join(', ')}?`;
}
