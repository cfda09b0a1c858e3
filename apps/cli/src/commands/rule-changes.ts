import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findRun } from '../lookup/find-run.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { CHANGE_COLUMNS } from '../run/change-columns.ts';
import { clockText } from '../terminal/time-text.ts';

export const ruleChanges = command({
  words: 'rule changes',
  summary: 'Lists what a run did to each object, with before and after.',
  args: { run: { description: 'Id of a run, or a rule by id or name: then its latest run.' } },
  flags: {
    outcome: { type: 'text', placeholder: 'OUTCOME', description: 'Only objects with this outcome.' },
    limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' },
  },
  examples: ['sallyport rule changes "Employees in" --outcome failed'],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const { rule, run } = await findRun(connection, args.run);
    const outcome = flags.outcome === undefined ? {} : { outcome: flags.outcome };
    const query = { limit: pageSize(limit), ...outcome };
    const changes = await take(
      pagesOf(api.runs.listChanges, { environmentId, ruleId: rule.id, runId: run.id, query }),
      (page) => page._embedded.changes,
      limit,
    );
    if (!context.json)
      context.print(
        `${rule.name}, ${run.type} run of ${clockText(run.startedAt)} (${run.status}): ${run.reason}`,
        '',
      );
    context.printTable(changes.items, CHANGE_COLUMNS, 'Nothing was changed.');
    if (changes.truncated && !context.json) context.note(truncationNote(changes));
    return EXIT_CODE.ok;
  },
});
