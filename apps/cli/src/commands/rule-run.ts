import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { usageError } from '../fault/cli-error.ts';
import { findRule } from '../lookup/records.ts';
import { exitCodeOf } from '../run/outcome.ts';
import { runSummary } from '../run/run-summary.ts';
import { watchRun } from '../run/watch-run.ts';

export const ruleRun = command({
  words: 'rule run',
  summary: 'Starts a run of a rule now.',
  details:
    'A run that is under way already is answered instead of a second one. Ctrl-C ends the waiting; the run goes on.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    full: { type: 'switch', description: 'Reads everything.' },
    delta: { type: 'switch', description: 'Reads what has changed since the last run; the default.' },
    wait: {
      type: 'switch',
      description: 'Shows the progress and waits for the end; the exit code tells how it ended.',
    },
    reason: { type: 'text', placeholder: 'TEXT', description: 'Kept with the run.' },
  },
  asks: true,
  examples: ['sallyport rule run "Employees in" --full --wait', 'sallyport rule run "Employees in" --yes'],
  run: async (context, { args, flags }) => {
    if (flags.full && flags.delta)
      throw usageError('A run is either full or delta.', 'Give one of --full and --delta.');
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const type = flags.full ? 'full' : 'delta';
    await context.confirm(`Start a ${type} run of ${rule.name}?`);
    const reason = flags.reason === undefined ? {} : { reason: flags.reason };
    const run = await api.runs.start({ environmentId, ruleId: rule.id, body: { type, ...reason } });
    if (!flags.wait) {
      if (context.json) context.printJson(run);
      else
        context.print(
          `Run ${run.id} is ${run.status}.`,
          `"sallyport rule changes ${run.id}" lists what it does.`,
        );
      return EXIT_CODE.ok;
    }
    const ended = await watchRun(context.world, { api, environmentId, ruleId: rule.id, run });
    if (context.json) context.printJson(ended);
    else {
      context.print(...runSummary(ended, context));
      if (ended.status === 'held')
        context.print('', `"sallyport rule hold list ${JSON.stringify(rule.name)}" shows the held removals.`);
    }
    return exitCodeOf(ended.status);
  },
});
