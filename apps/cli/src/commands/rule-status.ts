import type { RuleStatusBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { findRule } from '../lookup/records.ts';
import { plural } from '../terminal/plural.ts';
import { clockText, relativeText } from '../terminal/time-text.ts';

type Counters = RuleStatusBody['users'];

const STATES: readonly (readonly [keyof Counters['states'], string])[] = [
  ['success', 'in sync'],
  ['partialSynced', 'partly synced'],
  ['unsynced', 'not synced'],
  ['failed', 'failed'],
  ['held', 'held'],
  ['conflict', 'conflict'],
  ['removed', 'deprovisioned'],
  ['kept', 'kept'],
];

export const ruleStatus = command({
  words: 'rule status',
  summary: 'Says how a rule is doing: users, groups, what waits, what comes next.',
  args: { rule: { description: 'Id or name of the rule.' } },
  flags: {},
  examples: ['sallyport rule status "Employees in"'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const rule = await findRule(connection, args.rule);
    const status = await api.ruleState.readStatus({ environmentId, ruleId: rule.id });
    if (context.json) {
      context.printJson(status);
      return EXIT_CODE.ok;
    }
    const now = context.world.now();
    context.print(
      ...context.facts([
        ['Rule', rule.name],
        ['State', status.detail === '' ? status.state : `${status.state}: ${status.detail}`],
        ['Last sync', status.lastSyncAt === undefined ? undefined : clockText(status.lastSyncAt)],
        ['Last poll', status.lastPollAt === undefined ? undefined : relativeText(status.lastPollAt, now)],
        ['Next run', status.nextRunAt === undefined ? undefined : relativeText(status.nextRunAt, now)],
        ['Learns of changes', status.push ? 'at once' : 'by polling'],
        ['Held', heldText(status)],
      ]),
      '',
    );
    const shown = [
      { what: 'users', counters: status.users },
      ...(status.readsGroups || status.groups.impacted > 0
        ? [{ what: 'groups', counters: status.groups }]
        : []),
    ];
    context.printTable(
      STATES.filter(
        ([state]) => state === 'success' || shown.some(({ counters }) => counters.states[state] > 0),
      ),
      [
        { title: 'STATE', text: ([, words]) => words },
        ...shown.map(({ what, counters }) => ({
          title: what.toUpperCase(),
          text: ([state]: (typeof STATES)[number]) => String(counters.states[state]),
          align: 'right' as const,
        })),
      ],
      '',
    );
    context.print(
      '',
      ...shown.map(
        ({ what, counters: { impacted, success, unsynced, partialSynced, failed } }) =>
          `As PingOne counts ${what}: impacted ${impacted}, success ${success}, unsynced ${unsynced}, partial synced ${partialSynced}, failed ${failed}.`,
      ),
    );
    return EXIT_CODE.ok;
  },
});

function heldText({ heldRemovals }: RuleStatusBody): string | undefined {
  if (heldRemovals === undefined) return undefined;
  const { users, groups, memberships } = heldRemovals;
  return `${plural(users, 'user')}, ${plural(groups, 'group')} and ${plural(memberships, 'membership')}; see "sallyport rule hold list"`;
}
