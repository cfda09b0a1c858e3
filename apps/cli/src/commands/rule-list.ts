import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { listRules, listStores } from '../lookup/records.ts';

export const ruleList = command({
  words: 'rule list',
  summary: 'Lists the rules.',
  args: {},
  flags: {},
  examples: ['sallyport rule list'],
  run: async (context) => {
    const connection = await context.connect();
    const [rules, stores] = await Promise.all([listRules(connection), listStores(connection)]);
    const storeName = (id: string): string => stores.find((store) => store.id === id)?.name ?? id;
    context.printTable(
      rules,
      [
        { title: 'NAME', text: ({ name }) => name },
        {
          title: 'ACTIVE',
          text: ({ active }) => (active ? 'yes' : 'no'),
          colour: ({ active }) => (active ? 'green' : 'dim'),
        },
        { title: 'SOURCE', text: ({ sourceStore }) => storeName(sourceStore.id) },
        { title: 'TARGET', text: ({ targetStore }) => storeName(targetStore.id) },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'There are no rules yet; "sallyport apply -f FILE" makes them.',
    );
    return EXIT_CODE.ok;
  },
});
