import { compileExpression, type ExpressionRoot } from '@sallyport/expression';

/**
 * Evaluates one mapping over many people and compares it with a plain function that does the same. Both go over the
 * same objects in turns, so that a busy machine slows both.
 */
export interface ExpressionBenchResult {
  readonly expression: string;
  readonly objects: number;
  readonly evaluationsPerSecond: number;
  readonly plainPerSecond: number;
  /** How many times as long as the plain function. */
  readonly ratio: number;
}

const OBJECTS = 100_000;
const ROUNDS = 10;
const REQUIRED_PER_SECOND = 500_000;

const EXPRESSIONS: readonly { readonly text: string; readonly plain: (person: Person) => unknown }[] = [
  {
    text: "#string.lowerCase(givenName + '.' + sn)",
    plain: (person) => `${person.givenName}.${person.sn}`.toLowerCase(),
  },
  {
    text: "#core.ifelse(department matches 'Sales.*', 'sales', 'other')",
    plain: (person) => (/^(?:Sales.*)$/.test(person.department) ? 'sales' : 'other'),
  },
  {
    text: "memberOf.?[#string.startsWith(#this, 'CN=App')].![#regex.replaceFirst(#this, '^CN=([^,]*),.*$', '$1')]",
    plain: (person) =>
      person.memberOf
        .filter((dn) => dn.startsWith('CN=App'))
        .map((dn) => dn.replace(/^CN=([^,]*),.*$/, '$1')),
  },
];

interface Person {
  readonly givenName: string;
  readonly sn: string;
  readonly department: string;
  readonly memberOf: readonly string[];
}

export function benchExpressions(): readonly ExpressionBenchResult[] {
  const people = Array.from(
    { length: OBJECTS },
    (_, index): Person => ({
      givenName: `Given${index % 977}`,
      sn: `Sürname${index % 4999}`,
      department: index % 3 === 0 ? `Sales ${index % 7}` : `Research ${index % 5}`,
      memberOf: [
        `CN=App${index % 50},OU=Groups,DC=example,DC=com`,
        'CN=Everyone,OU=Groups,DC=example,DC=com',
      ],
    }),
  );
  const roots = people.map(rootOf);
  return EXPRESSIONS.map(({ text, plain }) => {
    const compiled = compileExpression(text);
    let expressionMs = Number.POSITIVE_INFINITY;
    let plainMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round += 1) {
      expressionMs = Math.min(
        expressionMs,
        timeMs(roots, (root) => compiled.evaluate(root)),
      );
      plainMs = Math.min(plainMs, timeMs(people, plain));
    }
    return {
      expression: text,
      objects: OBJECTS,
      evaluationsPerSecond: Math.round((OBJECTS / expressionMs) * 1000),
      plainPerSecond: Math.round((OBJECTS / plainMs) * 1000),
      ratio: expressionMs / plainMs,
    };
  });
}

// As the engine does it: attributes by lower-cased name, looked up for each evaluation.
function rootOf(person: Person): ExpressionRoot {
  const attributes = new Map<string, string | readonly string[]>(
    Object.entries(person).map(([name, value]: [string, string | readonly string[]]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  return { get: (name) => attributes.get(name.toLowerCase()) ?? null, names: () => [...attributes.keys()] };
}

function timeMs<T>(items: readonly T[], run: (item: T) => unknown): number {
  // The results are used, lest the compiler drop the work; flattening joined text is part of it.
  let used = 0;
  const started = performance.now();
  for (const item of items) {
    const result = run(item);
    used += typeof result === 'string' ? result.charCodeAt(0) : 1;
  }
  const elapsed = performance.now() - started;
  if (used === 0) throw new Error('nothing was evaluated');
  return elapsed;
}

/** Prints the figures; a rate below the promised one makes the process fail. */
export function reportExpressions(): readonly ExpressionBenchResult[] {
  const results = benchExpressions();
  for (const { expression, evaluationsPerSecond, plainPerSecond, ratio } of results) {
    console.log(
      `${evaluationsPerSecond.toLocaleString('en-US')} evaluations/s, plain function ${plainPerSecond.toLocaleString('en-US')}/s, ratio ${ratio.toFixed(1)}: ${expression}`,
    );
  }
  const [mapping] = results;
  if (mapping === undefined || mapping.evaluationsPerSecond < REQUIRED_PER_SECOND) {
    console.error(`fewer than ${REQUIRED_PER_SECOND.toLocaleString('en-US')} evaluations/s`);
    process.exitCode = 1;
  }
  return results;
}

if (import.meta.main) reportExpressions();
