import { Group, NativeSelect, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { PAGE_SIZE, SEARCH_PAGE_SIZE } from '../api/paged-query.ts';
import { objectsQuery } from '../api/rule-queries.ts';
import type { SyncedObject } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { SearchBox } from '../elements/search-box.tsx';
import { SearchNote } from '../elements/search-note.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { useSearchedPages } from '../elements/use-searched-pages.ts';
import { useUserOfObject } from '../rules/use-user-of-object.ts';
import { OUTCOME_WORDS } from '../runs/outcome-words.ts';
import { STATUS_ORDER, STATUS_WORDS, statusWords } from './status-words.ts';

const route = getRouteApi('/rules/$ruleId/objects');
const ALL = 'ALL';

/** The lasting state of every object under a rule. */
export function ObjectsPage(): ReactElement {
  const { ruleId } = route.useParams();
  const { status, search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const objects = useInfiniteQuery(
    objectsQuery(useApi(), ruleId, status, search === '' ? PAGE_SIZE : SEARCH_PAGE_SIZE),
  );
  const items = objects.data?.pages.flatMap((page) => page._embedded.objects) ?? [];
  const searched = useSearchedPages({ ...objects, items }, search, textOfObject);
  return (
    <Panel
      title="Objects"
      actions={
        <Group>
          <NativeSelect
            aria-label="Status"
            value={status ?? ALL}
            data={[
              { value: ALL, label: 'Every status' },
              ...STATUS_ORDER.map((value) => ({ value, label: STATUS_WORDS[value].label })),
            ]}
            onChange={(event) => {
              const chosen = STATUS_ORDER.find((value) => value === event.currentTarget.value);
              void navigate({
                search: {
                  ...(chosen === undefined ? {} : { status: chosen }),
                  ...(search === '' ? {} : { search }),
                },
              });
            }}
          />
          <SearchBox
            label="Search objects"
            placeholder="Place, key or reason"
            value={search}
            onSearch={(text) =>
              void navigate({
                replace: true,
                search: {
                  ...(status === undefined ? {} : { status }),
                  ...(text === '' ? {} : { search: text }),
                },
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
      ) : searched.items.length > 0 ? (
        <ObjectTable ruleId={ruleId} objects={searched.items} />
      ) : searched.searching ? null : (
        <NoObjects filtered={status !== undefined || search !== ''} />
      )}
      <SearchNote search={search} searching={searched.searching} searched={items.length} />
      <LoadMore
        shown={searched.items.length}
        count={search === '' ? objects.data?.pages[0]?.count : undefined}
        query={objects}
      />
    </Panel>
  );
}

function textOfObject(object: SyncedObject): readonly (string | undefined)[] {
  return [object.place, object.sourceKey, object.reason, object.errorCode, object.targetId];
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
        {object.place}
        <Text size="xs" c="dimmed">
          {object.objectType === 'group' ? 'Group' : 'User'} · <code>{object.sourceKey}</code>
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
      </Table.Td>
      <Table.Td>
        <TextLink
          to="/rules/$ruleId/explain"
          params={{ ruleId }}
          search={{ identifier: object.sourceKey }}
          aria-label={`Explain ${object.place}`}
        >
          Explain
        </TextLink>
        {userId === undefined ? null : (
          <>
            {' · '}
            <TextLink to="/users/$userId" params={{ userId }} aria-label={`User of ${object.place}`}>
              User
            </TextLink>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
