import type { LimitsSummary } from '@sallyport/contract';
import { type Dn, parseDn } from '@sallyport/ldap';

/** The operations a limits file can name. */
export const LIMITED_OPERATIONS = [
  'search',
  'watch',
  'add',
  'modify',
  'modifyDn',
  'delete',
  'compare',
  'bind',
  'extended',
] as const;

export type LimitedOperation = (typeof LIMITED_OPERATIONS)[number];

/** What the owner of the directory allows the server to ask; absent fields allow everything. */
export interface Limits {
  readonly readOnly: boolean;
  readonly allowedBases: readonly Dn[] | undefined;
  readonly allowedOperations: ReadonlySet<LimitedOperation> | undefined;
  readonly maxOperationsPerSecond: number | undefined;
}

/** Everything that is wrong with a limits file. */
export class LimitsProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.name = 'LimitsProblems';
    this.problems = problems;
  }
}

const FIELDS = ['readOnly', 'allowedBases', 'allowedOperations', 'maxOperationsPerSecond'];

/** Reads a limits file (JSON). A field that is not known is refused: a mistyped limit would allow everything. */
export function parseLimits(text: string): Limits {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LimitsProblems([`JSON expected: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LimitsProblems([`a JSON object with ${FIELDS.join(', ')} expected`]);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const problems = [...fields.keys()]
    .filter((name) => !FIELDS.includes(name))
    .map((name) => `${JSON.stringify(name)} is not a limit; known are ${FIELDS.join(', ')}`);
  const limits: Limits = {
    readOnly: readSwitch(fields.get('readOnly'), problems),
    allowedBases: readBases(fields.get('allowedBases'), problems),
    allowedOperations: readOperations(fields.get('allowedOperations'), problems),
    maxOperationsPerSecond: readRate(fields.get('maxOperationsPerSecond'), problems),
  };
  if (problems.length > 0) throw new LimitsProblems(problems);
  return limits;
}

/** The limits as the server is told them. */
export function summarizeLimits(limits: Limits): LimitsSummary {
  const { readOnly, allowedBases, allowedOperations, maxOperationsPerSecond } = limits;
  return {
    readOnly,
    ...(allowedBases === undefined ? {} : { allowedBases: allowedBases.map((base) => base.text) }),
    ...(allowedOperations === undefined ? {} : { allowedOperations: [...allowedOperations] }),
    ...(maxOperationsPerSecond === undefined ? {} : { maxOperationsPerSecond }),
  };
}

function readSwitch(value: unknown, problems: string[]): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  problems.push(`readOnly: true or false expected, found ${JSON.stringify(value)}`);
  return true;
}

function readBases(value: unknown, problems: string[]): readonly Dn[] | undefined {
  return readTexts('allowedBases', value, problems)?.flatMap((text) => {
    try {
      return [parseDn(text)];
    } catch (error) {
      problems.push(`allowedBases: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

function readOperations(value: unknown, problems: string[]): ReadonlySet<LimitedOperation> | undefined {
  const names = readTexts('allowedOperations', value, problems);
  if (names === undefined) return undefined;
  const found = new Set<LimitedOperation>();
  for (const name of names) {
    const operation = LIMITED_OPERATIONS.find((known) => known === name);
    if (operation !== undefined) found.add(operation);
    else
      problems.push(`allowedOperations: ${JSON.stringify(name)} is none of ${LIMITED_OPERATIONS.join(', ')}`);
  }
  return found;
}

function readRate(value: unknown, problems: string[]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  problems.push(`maxOperationsPerSecond: a number above 0 expected, found ${JSON.stringify(value)}`);
  return undefined;
}

function readTexts(name: string, value: unknown, problems: string[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const texts = Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
  if (Array.isArray(value) && texts.length === value.length && texts.length > 0) return texts;
  problems.push(`${name}: a list of texts with at least one expected, found ${JSON.stringify(value)}`);
  return undefined;
}
