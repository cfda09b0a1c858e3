import type { UserBody } from '@sallyport/contract';
import { command } from '../command/command.ts';
import type { Connection } from '../command/context.ts';
import { EXIT_CODE } from '../exit-code.ts';
import { CliError } from '../fault/cli-error.ts';
import { clockText } from '../terminal/time-text.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Shown last or not at all: they say little about the person. */
const QUIET = new Set(['_links', 'id', 'environment', 'createdAt', 'updatedAt', 'username']);

export const userGet = command({
  words: 'user get',
  summary: 'Shows a user, and what the rules say about them.',
  args: { who: { description: 'Id, username or e-mail address.' } },
  flags: {},
  examples: ['sallyport user get asilva17'],
  run: async (context, { args }) => {
    const connection = await context.connect();
    const { api, environmentId } = connection;
    const user = await findUser(connection, args.who);
    const synced = await api.users.listSyncedRules({ environmentId, userId: user.id });
    const rules = synced._embedded.syncedRules;
    if (context.json) {
      context.printJson({ ...user, syncedRules: rules });
      return EXIT_CODE.ok;
    }
    context.print(
      ...context.facts([
        ['username', user.username],
        ['id', user.id],
        ...flat(user),
        ['created', clockText(user.createdAt)],
        ['changed', clockText(user.updatedAt)],
      ]),
      '',
    );
    context.printTable(
      rules,
      [
        { title: 'RULE', text: ({ rule }) => rule.name },
        { title: 'DIRECTION', text: ({ type }) => type.toLowerCase() },
        { title: 'STATUS', text: ({ status }) => status },
        { title: 'LAST SYNC', text: ({ lastSyncAt }) => clockText(lastSyncAt) },
        { title: 'DETAILS', text: ({ details }) => details },
      ],
      'No rule has to do with this user.',
    );
    return EXIT_CODE.ok;
  },
});

async function findUser({ api, environmentId }: Connection, who: string): Promise<UserBody> {
  if (UUID.test(who)) return api.users.read({ environmentId, userId: who });
  // A SCIM string is a JSON string (RFC 7644 §3.4.2.2).
  const text = JSON.stringify(who);
  const filter = `username eq ${text} or email eq ${text}`;
  const { _embedded } = await api.users.list({ environmentId, query: { filter, limit: 10 } });
  const exact = _embedded.users.filter(({ username }) => username.toLowerCase() === who.toLowerCase());
  const found = exact.length > 0 ? exact : _embedded.users;
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1)
    throw new CliError({
      message: `${found.length} users have the e-mail address ${who}.`,
      code: 'AMBIGUOUS_NAME',
      advice: 'Name one by username or id.',
      details: found.map(({ id, username }) => `${id}  ${username}`),
    });
  throw new CliError({
    message: `There is no user with the id, username or e-mail address ${JSON.stringify(who)}.`,
    code: 'NOT_FOUND',
    advice:
      'Look with "sallyport user list --filter …"; "sallyport rule explain" says why somebody is missing.',
  });
}

function flat(value: object, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (prefix === '' && QUIET.has(key)) return [];
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      return flat(inner, `${prefix}${key}.`);
    return [[`${prefix}${key}`, Array.isArray(inner) ? inner.join(', ') : String(inner)] as const];
  });
}
