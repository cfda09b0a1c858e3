import { ApiError, type RuleBody, type RunBody } from '@sallyport/contract';
import type { Connection } from '../command/context.ts';
import { CliError } from '../fault/cli-error.ts';
import { findNamed } from './find-named.ts';
import { listRules } from './records.ts';

export interface RunOfRule {
  readonly rule: RuleBody;
  readonly run: RunBody;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A run by its id, or the latest run of a rule by the rule's id or name. Throws CliError NOT_FOUND. */
export async function findRun(connection: Connection, wanted: string): Promise<RunOfRule> {
  const rules = await listRules(connection);
  const isRule = rules.some(({ id, name }) => [id, name.toLowerCase()].includes(wanted.toLowerCase()));
  if (!isRule && UUID.test(wanted)) {
    const found = await findById(connection, rules, wanted);
    if (found !== undefined) return found;
    throw new CliError({
      message: `There is no run and no rule with the id ${wanted}.`,
      code: 'NOT_FOUND',
      advice: '"sallyport rule runs RULE" lists the runs of a rule.',
    });
  }
  const rule = findNamed(rules, wanted, 'rule');
  const { api, environmentId } = connection;
  const { _embedded } = await api.runs.list({ environmentId, ruleId: rule.id, query: { limit: 1 } });
  const run = _embedded.runs[0];
  if (run !== undefined) return { rule, run };
  throw new CliError({
    message: `The rule ${rule.name} has not run yet.`,
    code: 'NOT_FOUND',
    advice: 'Start it with "sallyport rule run".',
  });
}

/** The newest run of a rule that holds removals. Throws CliError NOTHING_HELD. */
export async function findHeldRun(connection: Connection, rule: RuleBody, runId?: string): Promise<RunBody> {
  const { api, environmentId } = connection;
  if (runId !== undefined) return api.runs.read({ environmentId, ruleId: rule.id, runId });
  // Not every run that ended as held still holds something.
  const { heldRemovals } = await api.ruleState.readStatus({ environmentId, ruleId: rule.id });
  const runs = await Promise.all(
    (heldRemovals?.runs ?? []).map(({ id }) => api.runs.read({ environmentId, ruleId: rule.id, runId: id })),
  );
  const [newest] = runs.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  if (newest !== undefined) return newest;
  throw new CliError({
    message: `The rule ${rule.name} holds no removals.`,
    code: 'NOTHING_HELD',
    advice: '"sallyport status" shows how the rules are doing.',
  });
}

/** Runs are read below their rule, so each rule is asked. */
async function findById(
  connection: Connection,
  rules: readonly RuleBody[],
  runId: string,
): Promise<RunOfRule | undefined> {
  const { api, environmentId } = connection;
  const answers = await Promise.all(
    rules.map(async (rule) => {
      try {
        return { rule, run: await api.runs.read({ environmentId, ruleId: rule.id, runId }) };
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }
    }),
  );
  return answers.find((answer) => answer !== undefined);
}
