import type { Story } from '../story.ts';
import type { DirectoryContent, FoundPerson } from './directory-content.ts';
import { canonicalDn, isBelow } from './distinguished-name.ts';

export interface Identities {
  readonly users: Readonly<Record<string, IdentityOfUser>>;
  readonly groups: Readonly<Record<string, IdentityOfGroup>>;
}

interface IdentityOfUser {
  readonly family: string | undefined;
  readonly given: string | undefined;
  readonly email: string | undefined;
  readonly title: string | undefined;
  readonly enabled: boolean;
}

interface IdentityOfGroup {
  readonly description: string | undefined;
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** What the rules of a history take in; the same is said in LDAP filters to the product. */
export const OUTSIDER_TITLE = 'External';
export const HIDDEN_DESCRIPTION = 'hidden';

export const HISTORY_FILTERS = {
  USERS_LDAP_FILTER: `(!(title=${OUTSIDER_TITLE}))`,
  GROUPS_LDAP_FILTER: `(!(description=${HIDDEN_DESCRIPTION}))`,
};

/**
 * What has to be in the identity store, worked out from the directory alone. One thing the directory cannot say: whether
 * somebody whose account is disabled was ever there with an enabled one, which is what it takes to be brought in;
 * `present` tells of those.
 */
export function expectedIdentities(
  content: DirectoryContent,
  base: string,
  present: (login: string) => boolean,
): Identities {
  const canonicalBase = canonicalDn(base);
  const first = (values: FoundPerson['values'], name: string): string | undefined => values[name]?.[0];
  const has = (values: FoundPerson['values'], name: string, value: string): boolean =>
    (values[name] ?? []).some((one) => one.toLowerCase() === value.toLowerCase());
  const people = content.people.filter(
    ({ canonical, values, disabled, login }) =>
      isBelow(canonical, canonicalBase) &&
      !has(values, 'title', OUTSIDER_TITLE) &&
      (!disabled || present(login)),
  );
  const groups = content.groups.filter(
    ({ canonical, values }) =>
      isBelow(canonical, canonicalBase) && !has(values, 'description', HIDDEN_DESCRIPTION),
  );
  const logins = new Map(people.map(({ canonical, login }) => [canonical, login]));
  const names = new Map(groups.map(({ canonical, name }) => [canonical, name]));
  return {
    users: inOrder(
      people.map(({ login, disabled, values }) => [
        login,
        {
          family: first(values, 'sn'),
          given: first(values, 'givenname'),
          email: first(values, 'mail'),
          title: first(values, 'title'),
          enabled: !disabled,
        },
      ]),
    ),
    groups: inOrder(
      groups.map(({ name, values, members }) => {
        const canonical = members.map(canonicalDn);
        return [
          name,
          {
            description: first(values, 'description'),
            users: canonical.flatMap((dn) => logins.get(dn) ?? []).sort(),
            groups: canonical.flatMap((dn) => names.get(dn) ?? []).sort(),
          },
        ];
      }),
    ),
  };
}

/** What is in the identity store, as far as its name begins like this. */
export async function actualIdentities(story: Story, prefix: string): Promise<Identities> {
  const users = await story.users();
  const groups = await story.groups();
  const isMeant = ([name]: readonly [string, unknown]): boolean => name.startsWith(prefix);
  return {
    users: inOrder(
      [...users]
        .filter(isMeant)
        .map(([username, { name, email, title, enabled }]) => [
          username,
          { family: name?.family, given: name?.given, email, title, enabled },
        ]),
    ),
    groups: inOrder(
      [...groups]
        .filter(isMeant)
        .map(([name, { body, users: inside, groups: below }]) => [
          name,
          { description: body.description, users: inside, groups: below },
        ]),
    ),
  };
}

/** Lines of what differs: nothing where both are the same. */
export function differences(expected: Identities, actual: Identities): readonly string[] {
  return [
    ...differencesOf('user', expected.users, actual.users),
    ...differencesOf('group', expected.groups, actual.groups),
  ];
}

function differencesOf(
  what: string,
  expected: Readonly<Record<string, object>>,
  actual: Readonly<Record<string, object>>,
): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort().flatMap((name) => {
    const [wanted, found] = [JSON.stringify(expected[name]), JSON.stringify(actual[name])];
    return wanted === found ? [] : [`${what} ${name}: the directory says ${wanted}, the store has ${found}`];
  });
}

function inOrder<V>(pairs: readonly (readonly [string, V])[]): Record<string, V> {
  return Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
