import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { relativeText } from '../terminal/time-text.ts';

export const groupList = command({
  words: 'group list',
  summary: 'Lists groups of the identity store.',
  args: {},
  flags: {
    filter: { type: 'text', placeholder: 'FILTER', description: 'SCIM filter (RFC 7644 §3.4.2.2).' },
    limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' },
  },
  examples: ['sallyport group list --filter \'name sw "Sales"\''],
  run: async (context, { flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const { api, environmentId } = await context.connect();
    const filter = flags.filter === undefined ? {} : { filter: flags.filter };
    const groups = await take(
      pagesOf(api.groups.list, { environmentId, query: { limit: pageSize(limit), ...filter } }),
      (page) => page._embedded.groups,
      limit,
    );
    const now = context.world.now();
    context.printTable(
      groups.items,
      [
        { title: 'NAME', text: ({ name }) => name },
        {
          title: 'FROM',
          text: ({ sourceType }) => (sourceType === undefined ? 'local' : 'external'),
        },
        {
          title: 'MEMBERS',
          text: ({ directMemberCounts }) => String(directMemberCounts.users),
          align: 'right',
        },
        { title: 'DESCRIPTION', text: ({ description }) => description ?? '' },
        { title: 'CHANGED', text: ({ updatedAt }) => relativeText(updatedAt, now) },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'No group fits.',
    );
    if (groups.truncated && !context.json) context.note(truncationNote(groups));
    return EXIT_CODE.ok;
  },
});
