import { Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { membershipsQuery, populationQuery, syncedRulesQuery, userQuery } from '../api/directory-queries.ts';
import type { User } from '../api/shapes.ts';
import { Values } from '../elements/attribute-changes.tsx';
import { EmptyState } from '../elements/empty-state.tsx';
import { Facts } from '../elements/facts.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { ExactTime } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { GroupLinks } from '../groups/group-links.tsx';
import { SyncedRulesPanel } from '../rules/synced-rules-panel.tsx';
import { displayName, profileLines } from './profile-lines.ts';
import { UserState } from './users-page.tsx';

const route = getRouteApi('/users/$userId');

/** One person: who they are, and what each rule has to say about them. */
export function UserPage(): ReactElement {
  const { userId } = route.useParams();
  const user = useQuery(userQuery(useApi(), userId));
  if (user.data === undefined) return <QueryState query={user} what="the user" />;
  return (
    <>
      <PageHead
        above={<TextLink to="/users">Users</TextLink>}
        title={displayName(user.data)}
        badge={<UserState user={user.data} />}
        description={user.data.username}
      />
      <SyncedRules user={user.data} />
      <Groups user={user.data} />
      <Profile user={user.data} />
      <Account user={user.data} />
    </>
  );
}

function SyncedRules({ user }: { readonly user: User }): ReactElement {
  const rules = useQuery(syncedRulesQuery(useApi(), user.id));
  return (
    <SyncedRulesPanel
      what="user"
      query={rules}
      rules={rules.data?._embedded.syncedRules}
      identifierFor={(line) => (line.type === 'OUTBOUND' ? user.id : user.username)}
    />
  );
}

/** Direct groups and those that contain them. */
function Groups({ user }: { readonly user: User }): ReactElement {
  const memberships = useInfiniteQuery(membershipsQuery(useApi(), user.id));
  const items = memberships.data?.pages.flatMap((page) => page._embedded.groupMemberships);
  return (
    <Panel title="Groups">
      {items === undefined ? (
        <QueryState query={memberships} what="the groups of the user" />
      ) : items.length === 0 ? (
        <EmptyState title="In no group" />
      ) : (
        <GroupLinks memberships={items} />
      )}
      <LoadMore shown={items?.length ?? 0} count={memberships.data?.pages[0]?.count} query={memberships} />
    </Panel>
  );
}

function Profile({ user }: { readonly user: User }): ReactElement {
  return (
    <Panel title="Profile">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attribute</Table.Th>
            <Table.Th>Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {profileLines(user).map((line) => (
            <Table.Tr key={line.attribute}>
              <Table.Td>
                <code>{line.attribute}</code>
              </Table.Td>
              <Table.Td>
                <Values values={line.values} masked={false} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function Account({ user }: { readonly user: User }): ReactElement {
  const population = useQuery(populationQuery(useApi(), user.population.id));
  return (
    <Panel title="Account">
      <Facts
        facts={[
          { label: 'Population', value: population.data?.name ?? user.population.id },
          { label: 'May sign on', value: user.account.canAuthenticate ? 'yes' : 'no' },
          { label: 'Lifecycle', value: user.lifecycle.status },
          { label: 'Created', value: <ExactTime at={user.createdAt} /> },
          { label: 'Changed', value: <ExactTime at={user.updatedAt} /> },
          { label: 'Id', value: <code>{user.id}</code> },
        ]}
      />
    </Panel>
  );
}
