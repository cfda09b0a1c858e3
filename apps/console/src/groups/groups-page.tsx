import { Box, Table, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { groupsQuery } from '../api/directory-queries.ts';
import type { Group } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { SearchBox } from '../elements/search-box.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { formatCount } from '../format/number.ts';
import { groupFilter } from '../users/user-filter.ts';

const route = getRouteApi('/groups');

export function GroupsPage(): ReactElement {
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const groups = useInfiniteQuery({
    ...groupsQuery(useApi(), groupFilter(search)),
    placeholderData: keepPreviousData,
  });
  const items = groups.data?.pages.flatMap((page) => page._embedded.groups);
  return (
    <>
      <PageHead title="Groups" description="The groups of the identity store, whichever rule brought them." />
      <Panel>
        <SearchBox
          label="Search groups"
          placeholder="Name, or a SCIM filter"
          value={search}
          onSearch={(text) => void navigate({ replace: true, search: text === '' ? {} : { search: text } })}
        />
        <Box mt="md">
          {items === undefined || groups.isError ? (
            <QueryState query={groups} what="groups" />
          ) : items.length === 0 ? (
            <EmptyState title={search === '' ? 'There is no group yet' : 'No group matches'} />
          ) : (
            <GroupTable groups={items} />
          )}
        </Box>
        <LoadMore shown={items?.length ?? 0} count={groups.data?.pages[0]?.count} query={groups} />
      </Panel>
    </>
  );
}

function GroupTable(props: { readonly groups: readonly Group[] }): ReactElement {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Group</Table.Th>
          <Table.Th>Where from</Table.Th>
          <Table.Th>Direct members</Table.Th>
          <Table.Th>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.groups.map((group) => (
          <Table.Tr key={group.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <TextLink to="/groups/$groupId" params={{ groupId: group.id }}>
                {group.name}
              </TextLink>
              {group.description === undefined ? null : (
                <Text size="xs" c="dimmed">
                  {group.description}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <GroupOrigin group={group} />
            </Table.Td>
            <Table.Td className="numbers">{formatCount(group.directMemberCounts.users)}</Table.Td>
            <Table.Td>
              <Moment at={group.updatedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** External groups come from a directory and are changed there. */
export function GroupOrigin({ group }: { readonly group: Group }): ReactElement {
  return group.sourceType === undefined ? (
    <ToneBadge tone="calm">Local</ToneBadge>
  ) : (
    <ToneBadge tone="info">External</ToneBadge>
  );
}
