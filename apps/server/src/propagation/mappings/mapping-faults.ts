import { compileExpression, ExpressionError } from '@sallyport/expression';
import type { Schema } from '@sallyport/ldap';
import type { Faults } from '../../http/refuse.ts';

/** Names every source has beside its schema. */
const PSEUDO_ATTRIBUTES = new Set(['active', 'dn']);

/** The source attributes an expression reads; its faults are collected with their places. */
export function checkExpression(text: string, target: string, faults: Faults): readonly string[] {
  try {
    return compileExpression(text).attributes;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    for (const problem of error.problems) faults.add('INVALID_EXPRESSION', target, problem.message);
    return [];
  }
}

/** Names that the directory does not have. Without a complete schema nothing is said: silence beats a wrong refusal. */
export function checkSourceAttributes(
  names: readonly string[],
  schema: Schema | undefined,
  target: string,
  faults: Faults,
): void {
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
