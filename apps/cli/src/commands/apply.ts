import { readFile } from 'node:fs/promises';
import { ApiError } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Connection, Context } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { apiDetails, apiSentence } from '../fault/api-fault.ts';
import { CliError, usageError } from '../fault/cli-error.ts';
import { applySteps } from '../setup/apply-steps.ts';
import { type Records, readRecords, setupOf } from '../setup/current-setup.ts';
import { differenceOf, type SetupStep } from '../setup/difference.ts';
import { differenceLines } from '../setup/difference-lines.ts';
import { parseSetup } from '../setup/parse-setup.ts';
import { plural } from '../terminal/plural.ts';

export const apply = command({
  words: 'apply',
  summary: 'Makes gateways, connections, rules and mappings what a file says, and takes them into effect.',
  details:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a variable is written in the file
    'Shows the difference, asks, does it and makes a revision. `${NAME}` in the file is replaced from the environment. What the file does not name stays, unless `--prune` is given; the mappings of a rule that lists any are exactly those listed. "sallyport export" writes such a file.',
  args: {},
  flags: {
    file: {
      type: 'text',
      short: 'f',
      placeholder: 'FILE',
      description: 'The YAML file; `-` for standard input.',
    },
    prune: {
      type: 'switch',
      description: 'Deletes gateways, connections and rules that the file does not name.',
    },
    passwords: {
      type: 'switch',
      description: 'Also sends the bind passwords of gateways that exist already.',
    },
    dryRun: { type: 'switch', description: 'Shows the difference and changes nothing.' },
  },
  asks: true,
  examples: ['BIND_PASSWORD=… sallyport apply -f setup.yaml', 'sallyport apply -f setup.yaml --dry-run'],
  run: async (context, { flags }) => {
    const { file } = flags;
    if (file === undefined) throw usageError('--file is missing.', 'Usage: sallyport apply -f FILE');
    const text = file === '-' ? await context.world.keyboard.readAll() : await readSetupFile(file);
    const wanted = parseSetup(text, file === '-' ? 'The input' : file, context.world.environment);
    const connection = await context.connect();
    const records = await readRecords(connection);
    const { steps, faults } = differenceOf(setupOf(records), wanted, {
      prune: flags.prune,
      passwords: flags.passwords,
      populations: records.populations.map(({ name }) => name),
    });
    if (faults.length > 0)
      throw new CliError({
        message: `The file cannot be applied: ${plural(faults.length, 'fault')}.`,
        code: 'FILE_INVALID',
        details: faults,
        advice: 'Nothing was changed.',
        exitCode: EXIT_CODE.usage,
      });
    const pending = await hasPendingEdits(connection, records);
    if (!context.json) context.print(...introduction(steps, pending, context));
    if (flags.dryRun || (steps.length === 0 && !pending)) {
      if (context.json) context.printJson({ steps: steps.map(stepJson), revision: null });
      return EXIT_CODE.ok;
    }
    await context.confirm(steps.length === 0 ? 'Make a revision?' : 'Do this and make a revision?');
    await applyOrSayHowFar(connection, steps);
    const revision = await connection.api.revisions.create({ environmentId: connection.environmentId });
    if (context.json) context.printJson({ steps: steps.map(stepJson), revision });
    else context.print('', `Done; revision ${revision.id} is in effect.`);
    return EXIT_CODE.ok;
  },
});

async function readSetupFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError({
      message: `${file} cannot be read.`,
      code: 'FILE_UNREADABLE',
      advice: 'Check its name and that you may read it.',
      exitCode: EXIT_CODE.usage,
      cause: error,
    });
  }
}

function introduction(steps: readonly SetupStep[], pending: boolean, context: Context): readonly string[] {
  if (steps.length > 0) return differenceLines(steps, context.paint);
  if (pending) return ['Nothing differs, but what was saved earlier is not in effect yet.'];
  return ['Nothing differs.'];
}

/** Whether something was saved after the newest revision, as when an earlier run ended half-way. */
async function hasPendingEdits({ api, environmentId }: Connection, records: Records): Promise<boolean> {
  const edits = [...records.rules, ...records.stores].map(({ updatedAt }) => updatedAt ?? '');
  if (edits.length === 0) return false;
  const { _embedded } = await api.revisions.list({ environmentId, query: { limit: 1 } });
  const newest = _embedded.revisions[0]?.createdAt ?? '';
  return edits.some((at) => at > newest);
}

async function applyOrSayHowFar(connection: Connection, steps: readonly SetupStep[]): Promise<void> {
  let done = 0;
  try {
    await applySteps(connection, steps, () => {
      done += 1;
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const failed = steps[done];
    const what =
      failed === undefined ? 'activating the rules' : `${failed.action} of ${failed.kind} ${failed.name}`;
    throw new CliError({
      message: `The ${what} was refused: ${apiSentence(error)}`,
      code: error.code,
      details: apiDetails(error),
      advice: `${done} of ${steps.length} steps are saved, and no revision was made: rules run as before. Correct the file and apply it again.`,
      exitCode: error.status === 401 || error.status === 403 ? EXIT_CODE.refused : EXIT_CODE.failed,
      cause: error,
    });
  }
}

function stepJson(step: SetupStep) {
  return {
    action: step.action,
    kind: step.kind,
    name: step.name,
    ...(step.kind === 'mapping' ? { rule: step.rule } : {}),
    fields: step.fields,
  };
}
