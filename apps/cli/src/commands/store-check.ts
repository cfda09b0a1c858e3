import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findStore } from '../lookup/records.ts';
import { connectionCheckLines } from '../setup/connection-check-lines.ts';

export const storeCheck = command({
  words: 'store check',
  summary: 'Connects with the settings of a store, and says what works.',
  args: { store: { description: 'Id or name of the store.' } },
  flags: {
    base: { type: 'text', placeholder: 'DN', description: 'Where a rule would read.' },
  },
  examples: ['sallyport store check "HQ directory"'],
  run: async (context, { args, flags }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const store = await findStore(connection, args.store);
    const check = await api.stores.checkConnection({
      environmentId,
      body: {
        type: store.type,
        name: store.name,
        configuration: store.configuration,
        ...(flags.base === undefined ? {} : { baseDn: flags.base }),
      },
    });
    if (context.json) context.printJson(check);
    else context.print(...connectionCheckLines(check, context));
    return EXIT_CODE.ok;
  },
});
