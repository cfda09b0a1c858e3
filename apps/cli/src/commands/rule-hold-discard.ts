import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findHeldRun } from '../lookup/find-run.ts';
import { findRule } from '../lookup/records.ts';
import { plural } from '../terminal/plural.ts';
import { clockText } from '../terminal/time-text.ts';

export const ruleHoldDiscard = command({
  words: 'rule hold discard',
  summary: 'Drops the held removals: the people are kept.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    run: {
      type: 'text',
      placeholder: 'ID',
      description: 'Which run; the newest that holds removals otherwise.',
    },
  },
  asks: true,
  examples: ['sallyport rule hold discard "Employees in"'],
  run: async (context, { args, flags }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const run = await findHeldRun(connection, rule, flags.run);
    const key = { environmentId, ruleId: rule.id, runId: run.id };
    const page = await api.runs.listRemovals({ ...key, query: { limit: 1 } });
    const held = page.count === undefined ? 'removals' : plural(page.count, 'removal');
    const when = clockText(run.startedAt);
    await context.confirm(`Drop the ${held} held by the run of ${when} from ${rule.name}?`);
    const result = await api.runs.discard(key);
    if (context.json) context.printJson(result);
    else context.print(`${plural(result.removals, 'removal')} discarded; the people are kept.`);
    return EXIT_CODE.ok;
  },
});
