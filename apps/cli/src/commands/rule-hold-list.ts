import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findHeldRun } from '../lookup/find-run.ts';
import { findRule } from '../lookup/records.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { clockText } from '../terminal/time-text.ts';
import { heldName } from './decide-hold.ts';

const HOW = {
  deleted: 'gone from the source',
  outOfScope: 'out of scope',
  leftGroup: 'left the group',
} as const;

export const ruleHoldList = command({
  words: 'rule hold list',
  summary: 'Lists the removals that a run holds for a person to decide.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    run: {
      type: 'text',
      placeholder: 'ID',
      description: 'Which run; the newest that holds removals otherwise.',
    },
    limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' },
  },
  examples: ['sallyport rule hold list "Employees in"'],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const run = await findHeldRun(connection, rule, flags.run);
    const query = { limit: pageSize(limit) };
    const removals = await take(
      pagesOf(api.runs.listRemovals, { environmentId, ruleId: rule.id, runId: run.id, query }),
      (page) => page._embedded.removals,
      limit,
    );
    if (!context.json)
      context.print(
        `${rule.name}, ${run.type} run of ${clockText(run.startedAt)}: ${run.error?.message ?? run.reason}`,
        '',
      );
    context.printTable(
      removals.items,
      [
        { title: 'WHO', text: heldName },
        { title: 'WHAT', text: ({ objectType }) => objectType },
        { title: 'HOW', text: ({ how }) => HOW[how] },
        { title: 'PLACE', text: ({ place }) => place },
        { title: 'DETAIL', text: ({ detail }) => detail },
      ],
      'This run holds no removals.',
    );
    if (removals.truncated && !context.json) context.note(truncationNote(removals));
    return EXIT_CODE.ok;
  },
});
