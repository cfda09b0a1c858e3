import type { ExplanationBody, MappingBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findRule, listMappings } from '../lookup/records.ts';
import { changesText } from '../run/change-columns.ts';
import { clockText } from '../terminal/time-text.ts';

export const ruleExplain = command({
  words: 'rule explain',
  summary: 'Says for one person, step by step, why the rule does what it does.',
  args: {
    rule: { description: 'Id or name of the rule.' },
    who: { description: 'DN, source key or login name.' },
  },
  flags: {},
  examples: ['sallyport rule explain "Employees in" asilva17'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const body = { identifier: args.who };
    const [explanation, mappings] = await Promise.all([
      api.ruleState.explain({ environmentId, ruleId: rule.id, body }),
      listMappings(connection, rule.id),
    ]);
    if (context.json) context.printJson(explanation);
    else context.print(...explanationLines(explanation, mappings, context));
    return explanation.found ? EXIT_CODE.ok : EXIT_CODE.failed;
  },
});

/** Read, in scope, matched, mapped, done: in the order in which a run decides. */
export function explanationLines(
  explanation: ExplanationBody,
  mappings: readonly MappingBody[],
  context: Pick<Context, 'facts' | 'table' | 'paint'>,
): readonly string[] {
  const { action, link, mapped, scope } = explanation;
  if (!explanation.found) return [`Not found: ${explanation.reason}`];
  const facts = context.facts([
    ['Found at', explanation.place],
    ['Source key', explanation.sourceKey],
    ['Active', explanation.active === undefined ? undefined : explanation.active ? 'yes' : 'no'],
    ['In scope', scope === undefined ? undefined : `${scope.inScope ? 'yes' : 'no'}: ${scope.clause}`],
    [
      'Linked to',
      link === undefined
        ? 'nothing yet'
        : `${link.targetId ?? 'no user'}, ${link.status}, last ${link.outcome} ${clockText(link.lastSyncAt)}: ${link.reason}`,
    ],
    [
      'Would be',
      action === undefined
        ? undefined
        : `${action.outcome}${action.errorCode === undefined ? '' : ` (${action.errorCode})`}`,
    ],
    ['because', explanation.reason],
    ['Changes', action === undefined ? undefined : changesText(action.changes)],
  ]);
  if (mapped === undefined || mapped.length === 0) return facts;
  return [
    ...facts,
    '',
    ...context.table(
      [
        { title: 'ATTRIBUTE', text: ({ targetAttribute }) => targetAttribute },
        {
          title: 'FROM',
          text: ({ targetAttribute, mapping }) => sourceOf(targetAttribute, mappings) ?? mapping,
        },
        {
          title: 'VALUE',
          text: ({ values, masked, error }) =>
            error !== undefined
              ? `${error.message} (${error.code})`
              : masked
                ? '(secret)'
                : values.join(', '),
          colour: ({ error }) => (error === undefined ? undefined : 'red'),
        },
      ],
      mapped,
    ),
  ];
}

/** Attribute or expression; undefined for the directory's defaults, which are no records. */
function sourceOf(targetAttribute: string, mappings: readonly MappingBody[]): string | undefined {
  const mapping = mappings.find((one) => one.targetAttribute === targetAttribute);
  return mapping?.sourceAttribute ?? mapping?.expression;
}
