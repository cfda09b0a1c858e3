import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { take } from '../lookup/take.ts';

interface ListInput {
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
}

export const environmentList = command({
  words: 'environment list',
  summary: 'Lists the environments in which you have a role.',
  args: {},
  flags: {},
  examples: ['sallyport environment list'],
  run: async (context) => {
    const { api, environmentId } = await context.connect();
    const { items } = await take(
      pagesOf((input: ListInput) => api.environments.list(input), { query: { limit: 1000 } }),
      (page) => page._embedded.environments,
      Number.POSITIVE_INFINITY,
    );
    context.printTable(
      items,
      [
        { title: '', text: ({ id }) => (id === environmentId ? '*' : '') },
        { title: 'NAME', text: ({ name }) => name },
        { title: 'TYPE', text: ({ type }) => type },
        { title: 'STATUS', text: ({ status }) => status },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'There is none.',
    );
    return EXIT_CODE.ok;
  },
});
