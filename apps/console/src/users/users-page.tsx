import { Box, Table } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { usersQuery } from '../api/directory-queries.ts';
import type { User } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { SearchBox } from '../elements/search-box.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { displayName } from './profile-lines.ts';
import { userFilter } from './user-filter.ts';

const route = getRouteApi('/users');

export function UsersPage(): ReactElement {
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const users = useInfiniteQuery({
    ...usersQuery(useApi(), userFilter(search)),
    placeholderData: keepPreviousData,
  });
  const items = users.data?.pages.flatMap((page) => page._embedded.users);
  return (
    <>
      <PageHead title="Users" description="The people of the identity store, whichever rule brought them." />
      <Panel>
        <SearchBox
          label="Search users"
          placeholder="Username, e-mail or name – or a SCIM filter such as enabled eq false"
          value={search}
          onSearch={(text) => void navigate({ replace: true, search: text === '' ? {} : { search: text } })}
        />
        {items === undefined || users.isError ? (
          <Box mt="sm">
            <QueryState query={users} what="users" />
          </Box>
        ) : items.length === 0 ? (
          <NoUsers searched={search !== ''} />
        ) : (
          <UserTable users={items} />
        )}
        <LoadMore shown={items?.length ?? 0} count={users.data?.pages[0]?.count} query={users} />
      </Panel>
    </>
  );
}

function NoUsers(props: { readonly searched: boolean }): ReactElement {
  return props.searched ? (
    <EmptyState title="Nobody matches">
      <p>Each word must begin the username, the e-mail address, the given or the family name.</p>
    </EmptyState>
  ) : (
    <EmptyState title="There are no users yet">
      <p>
        They come with the first run of an inbound rule.{' '}
        <TextLink to="/rules">Go to the provisioning rules</TextLink>
      </p>
    </EmptyState>
  );
}

function UserTable(props: { readonly users: readonly User[] }): ReactElement {
  return (
    <Table highlightOnHover mt="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Username</Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th>E-mail</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.users.map((user) => (
          <Table.Tr key={user.id}>
            <Table.Td>
              <TextLink to="/users/$userId" params={{ userId: user.id }}>
                {user.username}
              </TextLink>
            </Table.Td>
            <Table.Td>{displayName(user)}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{user.email ?? '–'}</Table.Td>
            <Table.Td>
              <UserState user={user} />
            </Table.Td>
            <Table.Td>
              <Moment at={user.updatedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

export function UserState({ user }: { readonly user: User }): ReactElement {
  if (user.account.status === 'LOCKED') return <ToneBadge tone="bad">Locked</ToneBadge>;
  return user.enabled ? (
    <ToneBadge tone="good">Enabled</ToneBadge>
  ) : (
    <ToneBadge tone="calm">Disabled</ToneBadge>
  );
}
