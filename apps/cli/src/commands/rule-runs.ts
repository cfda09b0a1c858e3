import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findRule } from '../lookup/records.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { stateColour } from '../run/outcome.ts';
import { count } from '../terminal/progress-line.ts';
import { clockText, durationText } from '../terminal/time-text.ts';

export const ruleRuns = command({
  words: 'rule runs',
  summary: 'Lists the runs of a rule, newest first.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: { limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' } },
  examples: ['sallyport rule runs "Employees in" --limit 5'],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const query = { limit: pageSize(limit) };
    const runs = await take(
      pagesOf(api.runs.list, { environmentId, ruleId: rule.id, query }),
      (page) => page._embedded.runs,
      limit,
    );
    const now = context.world.now();
    context.printTable(
      runs.items,
      [
        { title: 'STARTED', text: ({ startedAt }) => clockText(startedAt) },
        { title: 'TYPE', text: ({ type }) => type },
        { title: 'STATUS', text: ({ status }) => status, colour: ({ status }) => stateColour(status) },
        {
          title: 'TOOK',
          text: ({ startedAt, endedAt }) =>
            durationText((endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt)),
          align: 'right',
        },
        { title: 'READ', text: ({ read }) => count(read), align: 'right' },
        { title: 'WHY', text: ({ reason, error }) => error?.message ?? reason },
        { title: 'RUN', text: ({ id }) => id, rigid: true },
      ],
      `The rule ${rule.name} has not run yet.`,
    );
    if (runs.truncated && !context.json) context.note(truncationNote(runs));
    return EXIT_CODE.ok;
  },
});
