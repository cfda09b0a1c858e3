import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findHeldRun } from '../lookup/find-run.ts';
import { findRule } from '../lookup/records.ts';
import { plural } from '../terminal/plural.ts';
import { clockText } from '../terminal/time-text.ts';

export const ruleHoldRelease = command({
  words: 'rule hold release',
  summary: 'Does the held removals, exactly those that were listed.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    run: {
      type: 'text',
      placeholder: 'ID',
      description: 'Which run; the newest that holds removals otherwise.',
    },
  },
  asks: true,
  examples: ['sallyport rule hold release "Employees in"'],
  run: async (context, { args, flags }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const run = await findHeldRun(connection, rule, flags.run);
    const key = { environmentId, ruleId: rule.id, runId: run.id };
    const page = await api.runs.listRemovals({ ...key, query: { limit: 1 } });
    const held = page.count === undefined ? 'removals' : plural(page.count, 'removal');
    const when = clockText(run.startedAt);
    await context.confirm(`Remove the ${held} held by the run of ${when} from ${rule.name}?`);
    const result = await api.runs.release(key);
    if (context.json) context.printJson(result);
    else context.print(`${plural(result.removals, 'removal')} released.`);
    return EXIT_CODE.ok;
  },
});
