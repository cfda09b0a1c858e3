import { Group, NativeSelect, Table, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { objectsQuery } from '../api/rule-queries.ts';
import type { SyncedObject } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { SearchBox } from '../elements/search-box.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { useUserOfObject } from '../rules/use-user-of-object.ts';
import { OUTCOME_WORDS } from '../runs/outcome-words.ts';
import { STATUS_ORDER, STATUS_WORDS, statusWords } from './status-words.ts';

const route = getRouteApi('/rules/$ruleId/objects');
const ALL = 'ALL';

/** The lasting state of every object under a rule. */
export function ObjectsPage(): ReactElement {
  const { ruleId } = route.useParams();
  const { status, type, search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = { ...(status === undefined ? {} : { status }), ...(type === undefined ? {} : { type }) };
  const searched = search === '' ? {} : { search };
  const objects = useInfiniteQuery({
    ...objectsQuery(useApi(), ruleId, {
      ...(status === undefined ? {} : { status }),
      ...(type === undefined ? {} : { objectType: type }),
      ...(search.trim() === '' ? {} : { contains: search.trim() }),
    }),
    placeholderData: keepPreviousData,
  });
  const items = objects.data?.pages.flatMap((page) => page._embedded.objects) ?? [];
  return (
    <Panel
      title="Objects"
      actions={
        <Group>
          <NativeSelect
            aria-label="Type"
            value={type ?? ALL}
            data={[
              { value: ALL, label: 'Users and groups' },
              { value: 'user', label: 'Users' },
              { value: 'group', label: 'Groups' },
            ]}
            onChange={(event) => {
              const wanted = (['user', 'group'] as const).find((one) => one === event.currentTarget.value);
              void navigate({
                search: {
                  ...(status === undefined ? {} : { status }),
                  ...(wanted === undefined ? {} : { type: wanted }),
                  ...searched,
                },
              });
            }}
          />
          <NativeSelect
            aria-label="Status"
            value={status ?? ALL}
            data={[
              { value: ALL, label: 'Every status' },
              ...STATUS_ORDER.map((value) => ({ value, label: STATUS_WORDS[value].label })),
            ]}
            onChange={(event) => {
              const wanted = STATUS_ORDER.find((value) => value === event.currentTarget.value);
              void navigate({
                search: {
                  ...(wanted === undefined ? {} : { status: wanted }),
                  ...(type === undefined ? {} : { type }),
                  ...searched,
                },
              });
            }}
          />
          <SearchBox
            label="Search objects"
            placeholder="Name or place"
            value={search}
            onSearch={(text) =>
              void navigate({
                replace: true,
                search: { ...chosen, ...(text === '' ? {} : { search: text }) },
              })
            }
          />
        </Group>
      }
    >
      {status === undefined ? null : (
        <Text size="sm" c="dimmed" mb="xs">
          {STATUS_WORDS[status].meaning}
        </Text>
      )}
      {objects.data === undefined ? (
        <QueryState query={objects} what="objects" />
      ) : items.length > 0 ? (
        <ObjectTable ruleId={ruleId} objects={items} />
      ) : (
        <NoObjects filtered={status !== undefined || type !== undefined || search !== ''} />
      )}
      <LoadMore shown={items.length} count={objects.data?.pages[0]?.count} query={objects} />
    </Panel>
  );
}

function NoObjects(props: { readonly filtered: boolean }): ReactElement {
  return props.filtered ? (
    <EmptyState title="No object matches">
      <p>Choose another status or search for something else.</p>
    </EmptyState>
  ) : (
    <EmptyState title="The rule has met no object yet">
      <p>
        Run it, or ask with “Preview” what it would do. If a run reads nothing, look at the base DN and the
        filter of the rule.
      </p>
    </EmptyState>
  );
}

function ObjectTable(props: {
  readonly ruleId: string;
  readonly objects: readonly SyncedObject[];
}): ReactElement {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="45%">Object</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Last outcome</Table.Th>
          <Table.Th>Last sync</Table.Th>
          <Table.Th>Links</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.objects.map((object) => (
          <ObjectRow key={`${object.objectType} ${object.sourceKey}`} ruleId={props.ruleId} object={object} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ObjectRow(props: { readonly ruleId: string; readonly object: SyncedObject }): ReactElement {
  const { ruleId, object } = props;
  const words = statusWords(object.status);
  const userId = useUserOfObject(ruleId)(object);
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {object.label}
        <Text size="xs" c="dimmed">
          {object.objectType === 'group' ? 'Group' : 'User'} · {object.place}
        </Text>
      </Table.Td>
      <Table.Td>
        <ToneBadge tone={words.tone}>{words.label}</ToneBadge>
      </Table.Td>
      <Table.Td>
        {OUTCOME_WORDS[object.outcome].label}
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {object.reason}
        </Text>
        {object.errorCode === undefined ? null : (
          <Text size="xs">
            <code>{object.errorCode}</code>
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={object.lastSyncAt} />
        {object.status === 'SUCCESS' || object.lastSuccessAt === undefined ? null : (
          <Text size="xs" c="dimmed">
            last good sync <Moment at={object.lastSuccessAt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <TextLink
          to="/rules/$ruleId/explain"
          params={{ ruleId }}
          search={{ identifier: object.sourceKey }}
          aria-label={`Explain ${object.label}`}
        >
          Explain
        </TextLink>
        {userId === undefined ? null : (
          <>
            {' · '}
            <TextLink to="/users/$userId" params={{ userId }} aria-label={`User ${object.label}`}>
              User
            </TextLink>
          </>
        )}
        {object.objectType !== 'group' || object.targetId === undefined ? null : (
          <>
            {' · '}
            <TextLink
              to="/groups/$groupId"
              params={{ groupId: object.targetId }}
              aria-label={`Group ${object.label}`}
            >
              Group
            </TextLink>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
