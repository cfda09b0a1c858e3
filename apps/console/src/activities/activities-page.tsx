import { Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { activitiesQuery } from '../api/directory-queries.ts';
import type { Activity } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { ExactTime } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { actionWords } from './action-words.ts';

export function ActivitiesPage(): ReactElement {
  const activities = useInfiniteQuery(activitiesQuery(useApi()));
  const items = activities.data?.pages.flatMap((page) => page._embedded.activities);
  return (
    <>
      <PageHead
        title="Activities"
        description="Who changed what through the API, and how runs ended, newest first."
      />
      <Panel>
        {items === undefined ? (
          <QueryState query={activities} what="activities" />
        ) : items.length === 0 ? (
          <EmptyState title="Nothing has been changed yet" />
        ) : (
          <ActivityTable activities={items} />
        )}
        <LoadMore shown={items?.length ?? 0} count={activities.data?.pages[0]?.count} query={activities} />
      </Panel>
    </>
  );
}

function ActivityTable(props: { readonly activities: readonly Activity[] }): ReactElement {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Which</Table.Th>
          <Table.Th>Result</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.activities.map((activity) => (
          <Table.Tr key={activity.id}>
            <Table.Td>
              <ExactTime at={activity.recordedAt} />
            </Table.Td>
            <Table.Td>{activity.actors.client?.name ?? 'the server'}</Table.Td>
            <Table.Td>{actionWords(activity.action.type)}</Table.Td>
            <Table.Td>
              {activity.resources.map((resource) => (
                <div key={`${resource.type} ${resource.id}`}>
                  {resource.name ?? resource.id}
                  {resource.name === undefined ? null : (
                    <Text size="xs" c="dimmed">
                      {resource.id}
                    </Text>
                  )}
                </div>
              ))}
            </Table.Td>
            <Table.Td>
              <ToneBadge tone={activity.result.status === 'SUCCESS' ? 'good' : 'bad'}>
                {activity.result.status === 'SUCCESS' ? 'Done' : 'Failed'}
              </ToneBadge>
              {activity.result.description === '' ? null : (
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {activity.result.description}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
