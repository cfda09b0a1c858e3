import { pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { findRule } from '../lookup/records.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { outcomeColour } from '../run/outcome.ts';
import { relativeText } from '../terminal/time-text.ts';

export const ruleObjects = command({
  words: 'rule objects',
  summary: 'Lists how each object stands under a rule.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {
    status: {
      type: 'text',
      placeholder: 'STATUS',
      description: 'Only objects with this status, such as `FAILED`.',
    },
    type: { type: 'text', placeholder: 'TYPE', description: 'Only `user` or `group`.' },
    contains: {
      type: 'text',
      placeholder: 'TEXT',
      description: 'Only objects with this in the name or the place.',
    },
    limit: { type: 'text', placeholder: 'N', description: 'How many; `all` for all.' },
  },
  examples: ['sallyport rule objects "Employees in" --status FAILED'],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const status = flags.status === undefined ? {} : { status: flags.status };
    const query = {
      limit: pageSize(limit),
      ...status,
      ...(flags.type === undefined ? {} : { objectType: parseObjectType(flags.type) }),
      ...(flags.contains === undefined ? {} : { contains: flags.contains }),
    };
    const objects = await take(
      pagesOf(api.ruleState.listObjects, { environmentId, ruleId: rule.id, query }),
      (page) => page._embedded.objects,
      limit,
    );
    const now = context.world.now();
    context.printTable(
      objects.items,
      [
        { title: 'STATUS', text: (object) => object.status },
        { title: 'LAST', text: ({ outcome }) => outcome, colour: ({ outcome }) => outcomeColour(outcome) },
        { title: 'WHEN', text: ({ lastSyncAt }) => relativeText(lastSyncAt, now) },
        { title: 'WHO', text: ({ label }) => label },
        { title: 'TYPE', text: ({ objectType }) => objectType },
        { title: 'PLACE', text: ({ place }) => place },
        {
          title: 'WHY',
          text: ({ reason, errorCode }) => (errorCode === undefined ? reason : `${reason} (${errorCode})`),
        },
      ],
      'No object of this rule fits.',
    );
    if (objects.truncated && !context.json) context.note(truncationNote(objects));
    return EXIT_CODE.ok;
  },
});

function parseObjectType(text: string): 'user' | 'group' {
  const type = text.toLowerCase();
  if (type === 'user' || type === 'group') return type;
  throw new CliError({
    message: `There is no object type ${JSON.stringify(text)}.`,
    code: 'INVALID_VALUE',
    advice: 'Use user or group.',
    exitCode: EXIT_CODE.usage,
  });
}
