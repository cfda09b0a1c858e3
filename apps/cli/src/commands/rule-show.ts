import type { MappingBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findRule, listMappings, listStores } from '../lookup/records.ts';
import { clockText, relativeText } from '../terminal/time-text.ts';

export const ruleShow = command({
  words: 'rule show',
  summary: 'Shows a rule: ends, configuration, mappings and state.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {},
  examples: ['sallyport rule show "Employees in"'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const [mappings, stores, status] = await Promise.all([
      listMappings(connection, rule.id),
      listStores(connection),
      api.ruleState.readStatus({ environmentId, ruleId: rule.id }),
    ]);
    if (context.json) {
      context.printJson({ ...rule, mappings, status });
      return EXIT_CODE.ok;
    }
    const now = context.world.now();
    const storeName = (id: string): string => stores.find((store) => store.id === id)?.name ?? id;
    context.print(
      ...context.facts([
        ['Rule', rule.name],
        ['Id', rule.id],
        ['Description', rule.description],
        ['State', status.detail === '' ? status.state : `${status.state}: ${status.detail}`],
        ['From', storeName(rule.sourceStore.id)],
        ['To', storeName(rule.targetStore.id)],
        ['Changes by', status.strategy],
        ['because', status.strategyReason],
        ['Last sync', status.lastSyncAt === undefined ? undefined : clockText(status.lastSyncAt)],
        ['Next run', status.nextRunAt === undefined ? undefined : relativeText(status.nextRunAt, now)],
        ...status.warnings.map((warning) => ['Warning', warning] as const),
        ...Object.entries(rule.configuration).map(([key, value]) => [key, String(value)] as const),
      ]),
      '',
    );
    context.printTable<MappingBody>(
      mappings,
      [
        { title: 'TARGET', text: ({ targetAttribute }) => targetAttribute },
        { title: 'FROM', text: ({ sourceAttribute, expression }) => sourceAttribute ?? expression ?? '' },
        { title: 'OPTIONS', text: optionsText },
      ],
      "The rule has no mappings of its own: the directory's defaults are used.",
    );
    return EXIT_CODE.ok;
  },
});

function optionsText(mapping: MappingBody): string {
  return [
    mapping.createOnly ? 'create only' : '',
    mapping.trim ? 'trimmed' : '',
    mapping.characterCase === 'NONE' ? '' : mapping.characterCase.toLowerCase(),
    mapping.parser === 'NONE' ? '' : mapping.parser,
    mapping.defaultValue === undefined ? '' : `else ${JSON.stringify(mapping.defaultValue)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
