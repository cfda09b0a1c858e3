import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { plural } from '../terminal/plural.ts';
import { type Setup, setupFile } from './setup-file.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}`; `$${NAME}` stands for itself. */
const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Reads a set-up from YAML text. `${NAME}` in a value is replaced from the environment, so that no secret has to be in
 * the file. Throws CliError FILE_INVALID with every fault and its line.
 */
export function parseSetup(text: string, fileName: string, environment: Variables): Setup {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): string => `line ${lines.linePos(offset).line}`;
  const faults = document.errors.map(({ message, pos }) => `${at(pos[0])}: ${message}`);
  if (faults.length > 0) throw invalid(fileName, faults);
  const value: unknown = withVariables(document.toJS({ maxAliasCount: 100 }), environment, faults);
  const parsed = setupFile.safeParse(value);
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const node = nearestNode(document, issue.path);
      faults.push(`${node === undefined ? '' : `${at(node)}: `}${issueText(issue)}`);
    }
  const setup = parsed.data;
  if (setup !== undefined) faults.push(...duplicateFaults(setup));
  if (setup === undefined || faults.length > 0) throw invalid(fileName, faults);
  return setup;
}

function invalid(fileName: string, faults: readonly string[]): CliError {
  return new CliError({
    message: `${fileName} cannot be used: ${plural(faults.length, 'fault')}.`,
    code: 'FILE_INVALID',
    details: faults,
    advice: 'Nothing was changed. "sallyport export" shows what a good file looks like.',
    exitCode: EXIT_CODE.usage,
  });
}

function withVariables(value: unknown, environment: Variables, faults: string[]): unknown {
  if (typeof value === 'string')
    return value.replaceAll(VARIABLE, (whole, escaped: string, name: string) => {
      if (escaped !== '') return whole.slice(1);
      const found = environment[name];
      if (found === undefined) faults.push(`the variable ${name} is not set in the environment`);
      return found ?? whole;
    });
  if (Array.isArray(value)) return value.map((inner) => withVariables(inner, environment, faults));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withVariables(inner, environment, faults)]),
  );
}

function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

/** Where the value stands, or the nearest one around it. */
function nearestNode(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const start: unknown = node.range[0];
      if (typeof start === 'number') return start;
    }
  }
  return undefined;
}

/** Everything is found by its name, so a name may stand only once. */
function duplicateFaults(setup: Setup): string[] {
  const twice = (kind: string, names: readonly string[]): string[] =>
    [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `two ${kind}s are called ${JSON.stringify(name)}`,
    );
  return [
    ...twice(
      'gateway',
      setup.gateways.map(({ name }) => name),
    ),
    ...twice(
      'connection',
      setup.connections.map(({ name }) => name),
    ),
    ...twice(
      'rule',
      setup.rules.map(({ name }) => name),
    ),
    ...setup.rules.flatMap(({ name, mappings = [] }) =>
      twice(
        `mapping of rule ${name}`,
        mappings.map(({ target, type }) => (type === 'groupAttributeMapping' ? `group ${target}` : target)),
      ).map((fault) => fault.replace('mapping of', 'mapping').replace(/s are called/, 's make')),
    ),
  ];
}
