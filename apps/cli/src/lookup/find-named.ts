import { CliError } from '../fault/cli-error.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

const SHOWN_NAMES = 10;

/** The one that an operator means by an id or a name. Throws CliError NOT_FOUND or AMBIGUOUS_NAME. */
export function findNamed<T extends Named>(items: readonly T[], wanted: string, kind: string): T {
  const lower = wanted.toLowerCase();
  const byId = items.find(({ id }) => id.toLowerCase() === lower);
  if (byId !== undefined) return byId;
  const exact = items.filter(({ name }) => name === wanted);
  const matching = exact.length > 0 ? exact : items.filter(({ name }) => name.toLowerCase() === lower);
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  if (matching.length > 1)
    throw new CliError({
      message: `${matching.length} ${kind}s are called ${JSON.stringify(wanted)}.`,
      code: 'AMBIGUOUS_NAME',
      advice: 'Name one by its id.',
      details: matching.map(({ id, name }) => `${id}  ${name}`),
    });
  const names = items.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  throw new CliError({
    message: `There is no ${kind} with the id or name ${JSON.stringify(wanted)}.`,
    code: 'NOT_FOUND',
    advice:
      names.length === 0
        ? `There are no ${kind}s in this environment yet.`
        : `Known are: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}.`,
  });
}
