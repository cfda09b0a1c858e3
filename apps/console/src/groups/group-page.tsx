import { Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import {
  groupMembersQuery,
  groupQuery,
  nestingsQuery,
  syncedRulesOfGroupQuery,
} from '../api/directory-queries.ts';
import type { Group } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { type Fact, Facts } from '../elements/facts.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { ExactTime } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { countOf, formatCount } from '../format/number.ts';
import { SyncedRulesPanel } from '../rules/synced-rules-panel.tsx';
import { displayName } from '../users/profile-lines.ts';
import { UserState } from '../users/users-page.tsx';
import { GroupLinks } from './group-links.tsx';
import { GroupOrigin } from './groups-page.tsx';

const route = getRouteApi('/groups/$groupId');

/** One group: where it comes from, who is in it, what it is in. */
export function GroupPage(): ReactElement {
  const { groupId } = route.useParams();
  const group = useQuery(groupQuery(useApi(), groupId));
  if (group.data === undefined) return <QueryState query={group} what="the group" />;
  return (
    <>
      <PageHead
        above={<TextLink to="/groups">Groups</TextLink>}
        title={group.data.name}
        badge={<GroupOrigin group={group.data} />}
        description={group.data.description}
      />
      {group.data.sourceType === undefined ? null : (
        <Notice tone="info">
          <Text size="sm">
            This group comes from a directory. Its name, members and nesting are changed there.
          </Text>
        </Notice>
      )}
      <SyncedRules groupId={groupId} />
      <Members group={group.data} />
      <Nestings groupId={groupId} />
      <Panel title="About this group">
        <Facts facts={factsOf(group.data)} />
      </Panel>
    </>
  );
}

function SyncedRules({ groupId }: { readonly groupId: string }): ReactElement {
  const rules = useQuery(syncedRulesOfGroupQuery(useApi(), groupId));
  return (
    <SyncedRulesPanel
      what="group"
      query={rules}
      rules={rules.data?._embedded.syncedRules}
      identifierFor={() => undefined}
    />
  );
}

function Members({ group }: { readonly group: Group }): ReactElement {
  const members = useInfiniteQuery(groupMembersQuery(useApi(), group.id));
  const items = members.data?.pages.flatMap((page) => page._embedded.users);
  const total = group.totalMemberCounts?.users ?? group.directMemberCounts.users;
  return (
    <Panel
      title="Members"
      actions={
        <Text size="sm" c="dimmed">
          {countOf(total, 'user')}, {formatCount(group.directMemberCounts.users)} of them directly
        </Text>
      }
    >
      {items === undefined ? (
        <QueryState query={members} what="the members of the group" />
      ) : items.length === 0 ? (
        <EmptyState title="Nobody is in this group" />
      ) : (
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Username</Table.Th>
              <Table.Th>State</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((user) => (
              <Table.Tr key={user.id}>
                <Table.Td>
                  <TextLink to="/users/$userId" params={{ userId: user.id }}>
                    {displayName(user)}
                  </TextLink>
                </Table.Td>
                <Table.Td>{user.username}</Table.Td>
                <Table.Td>
                  <UserState user={user} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <LoadMore shown={items?.length ?? 0} count={members.data?.pages[0]?.count} query={members} />
    </Panel>
  );
}

function Nestings({ groupId }: { readonly groupId: string }): ReactElement {
  const nestings = useInfiniteQuery(nestingsQuery(useApi(), groupId));
  const items = nestings.data?.pages.flatMap((page) => page._embedded.groupMemberships);
  return (
    <Panel title="Is in these groups">
      {items === undefined ? (
        <QueryState query={nestings} what="the groups of the group" />
      ) : items.length === 0 ? (
        <EmptyState title="In no other group" />
      ) : (
        <GroupLinks memberships={items} />
      )}
      <LoadMore shown={items?.length ?? 0} count={nestings.data?.pages[0]?.count} query={nestings} />
    </Panel>
  );
}

function factsOf(group: Group): readonly Fact[] {
  return [
    ...(group.displayName === group.name ? [] : [{ label: 'Display name', value: group.displayName }]),
    ...(group.externalId === undefined
      ? []
      : [{ label: 'External id', value: <code>{group.externalId}</code> }]),
    ...(group.sourceId === undefined
      ? []
      : [
          {
            label: 'Source',
            value: (
              <TextLink to="/gateways/$gatewayId" params={{ gatewayId: group.sourceId }}>
                its gateway
              </TextLink>
            ),
          },
        ]),
    { label: 'Belongs to', value: group.population === undefined ? 'the environment' : 'one population' },
    { label: 'Created', value: <ExactTime at={group.createdAt} /> },
    { label: 'Changed', value: <ExactTime at={group.updatedAt} /> },
    { label: 'Id', value: <code>{group.id}</code> },
  ];
}
