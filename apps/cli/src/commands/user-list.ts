import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { relativeText } from '../terminal/time-text.ts';

export const userList = command({
  words: 'user list',
  summary: 'Lists users of the identity store.',
  args: {},
  flags: {
    filter: { type: 'text', placeholder: 'FILTER', description: 'SCIM filter (RFC 7644 §3.4.2.2).' },
    limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' },
  },
  examples: ['sallyport user list --filter \'name.family sw "Sil" and enabled eq true\''],
  run: async (context, { flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const { api, environmentId } = await context.connect();
    const filter = flags.filter === undefined ? {} : { filter: flags.filter };
    const users = await take(
      pagesOf(api.users.list, { environmentId, query: { limit: pageSize(limit), ...filter } }),
      (page) => page._embedded.users,
      limit,
    );
    const now = context.world.now();
    context.printTable(
      users.items,
      [
        { title: 'USERNAME', text: ({ username }) => username },
        { title: 'NAME', text: ({ name }) => [name?.given, name?.family].filter(Boolean).join(' ') },
        { title: 'EMAIL', text: ({ email }) => email ?? '' },
        {
          title: 'ENABLED',
          text: ({ enabled }) => (enabled ? 'yes' : 'no'),
          colour: ({ enabled }) => (enabled ? undefined : 'yellow'),
        },
        { title: 'CHANGED', text: ({ updatedAt }) => relativeText(updatedAt, now) },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'No user fits.',
    );
    if (users.truncated && !context.json) context.note(truncationNote(users));
    return EXIT_CODE.ok;
  },
});
