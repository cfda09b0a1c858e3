import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { findRule } from '../lookup/records.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { CHANGE_COLUMNS } from '../run/change-columns.ts';
import { exitCodeOf } from '../run/outcome.ts';
import { runSummary } from '../run/run-summary.ts';
import { watchRun } from '../run/watch-run.ts';

export const rulePreview = command({
  words: 'rule preview',
  summary: 'Shows what a full run of the rule as saved would do, and writes nothing.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    outcome: { type: 'text', placeholder: 'OUTCOME', description: 'Only objects with this outcome.' },
    limit: { type: 'text', placeholder: 'N', description: 'How many objects are shown; `all` for all.' },
  },
  examples: [
    'sallyport rule preview "Employees in"',
    'sallyport rule preview "Employees in" --outcome deleted',
  ],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const ruleId = rule.id;
    const started = await api.runs.start({ environmentId, ruleId, body: { type: 'preview' } });
    const ended = await watchRun(context.world, { api, environmentId, ruleId, run: started });
    const outcome = flags.outcome === undefined ? {} : { outcome: flags.outcome };
    const query = { limit: pageSize(limit), ...outcome };
    const changes = await take(
      pagesOf(api.runs.listChanges, { environmentId, ruleId, runId: ended.id, query }),
      (page) => page._embedded.changes,
      limit,
    );
    if (context.json) context.printJson({ run: ended, changes: changes.items });
    else {
      context.print(...runSummary(ended, context), '');
      context.printTable(changes.items, CHANGE_COLUMNS, 'No object would be touched.');
      if (changes.truncated) context.note(truncationNote(changes));
    }
    return exitCodeOf(ended.status);
  },
});
