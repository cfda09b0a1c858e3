import { type GroupBody, pagesOf } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Connection } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { pageSize, parseLimit, take, truncationNote } from '../lookup/take.ts';
import { clockText } from '../terminal/time-text.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const groupShow = command({
  words: 'group show',
  summary: 'Shows a group: where it comes from, its members, and what the rules say about it.',
  args: { group: { description: 'Id or name of the group.' } },
  flags: {
    limit: { type: 'text', placeholder: 'N', description: 'How many members; `all` for all.' },
  },
  examples: ['sallyport group show "Night Watch"'],
  run: async (context, { args, flags }) => {
    const limit = parseLimit(flags.limit, context.json);
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const { id: groupId } = await findGroup(connection, args.group);
    const filter = `memberOfGroups.id eq ${JSON.stringify(groupId)}`;
    const [group, synced, parents, members] = await Promise.all([
      api.groups.read({ environmentId, groupId, query: { include: 'totalMemberCounts' } }),
      api.groups.listSyncedRules({ environmentId, groupId }),
      take(
        pagesOf(api.groups.listNestings, { environmentId, groupId, query: { limit: 1000 } }),
        (page) => page._embedded.groupMemberships,
        Number.POSITIVE_INFINITY,
      ),
      take(
        pagesOf(api.users.list, { environmentId, query: { limit: pageSize(limit), filter } }),
        (page) => page._embedded.users,
        limit,
      ),
    ]);
    const rules = synced._embedded.syncedRules;
    const memberOf = parents.items;
    if (context.json) {
      const users = members.items.map(({ id, username }) => ({ id, username }));
      context.printJson({ ...group, memberOfGroups: memberOf, members: users, syncedRules: rules });
      return EXIT_CODE.ok;
    }
    context.print(
      ...context.facts([
        ['name', group.name],
        ['id', group.id],
        ['display name', group.displayName === group.name ? undefined : group.displayName],
        ['description', group.description],
        ['from', group.sourceType === undefined ? 'here' : 'a directory; it is changed there'],
        ['external id', group.externalId],
        [
          'members',
          `${group.totalMemberCounts?.users ?? group.directMemberCounts.users}, ${group.directMemberCounts.users} of them directly`,
        ],
        ['in groups', memberOf.length === 0 ? undefined : memberOf.map(({ name }) => name).join(', ')],
        ['changed', clockText(group.updatedAt)],
      ]),
      '',
    );
    context.printTable(
      rules,
      [
        { title: 'RULE', text: ({ rule }) => rule.name },
        { title: 'STATUS', text: ({ status }) => status },
        { title: 'LAST SYNC', text: ({ lastSyncAt }) => clockText(lastSyncAt) },
        { title: 'DETAILS', text: ({ details }) => details },
      ],
      'No rule has to do with this group.',
    );
    context.print('');
    context.printTable(
      members.items,
      [
        { title: 'MEMBER', text: ({ username }) => username },
        { title: 'NAME', text: ({ name }) => [name?.given, name?.family].filter(Boolean).join(' ') },
        { title: 'ID', text: ({ id }) => id, rigid: true },
      ],
      'Nobody is in this group.',
    );
    if (members.truncated) context.note(truncationNote(members));
    return EXIT_CODE.ok;
  },
});

async function findGroup({ api, environmentId }: Connection, wanted: string): Promise<GroupBody> {
  if (UUID.test(wanted)) return api.groups.read({ environmentId, groupId: wanted });
  // A SCIM string is a JSON string (RFC 7644 §3.4.2.2).
  const filter = `name eq ${JSON.stringify(wanted)}`;
  const { _embedded } = await api.groups.list({ environmentId, query: { filter, limit: 10 } });
  const [only] = _embedded.groups;
  if (only !== undefined && _embedded.groups.length === 1) return only;
  if (only !== undefined)
    throw new CliError({
      message: `${_embedded.groups.length} groups are called ${JSON.stringify(wanted)}.`,
      code: 'AMBIGUOUS_NAME',
      advice: 'Name one by its id.',
      details: _embedded.groups.map(({ id, name }) => `${id}  ${name}`),
    });
  throw new CliError({
    message: `There is no group with the id or name ${JSON.stringify(wanted)}.`,
    code: 'NOT_FOUND',
    advice: 'Look with "sallyport group list --filter …".',
  });
}
