import { Table, Text, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Fragment, type ReactElement, useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { PAGE_SIZE, SEARCH_PAGE_SIZE } from '../api/paged-query.ts';
import { LIVE_POLL_MS } from '../api/rule-queries.ts';
import { changesQuery } from '../api/run-queries.ts';
import type { Change, Outcome, Run } from '../api/shapes.ts';
import { AttributeChanges } from '../elements/attribute-changes.tsx';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { SearchBox } from '../elements/search-box.tsx';
import { SearchNote } from '../elements/search-note.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { useSearchedPages } from '../elements/use-searched-pages.ts';
import { countOf } from '../format/number.ts';
import { useUserOfObject } from '../rules/use-user-of-object.ts';
import classes from './changes-panel.module.css';
import { OUTCOME_WORDS, outcomeLabel } from './outcome-words.ts';

const route = getRouteApi('/rules/$ruleId/runs/$runId');

/** The objects of a run with what happened to each; one outcome at a time if the address names one. */
export function ChangesPanel(props: { readonly ruleId: string; readonly run: Run }): ReactElement {
  const { ruleId, run } = props;
  const { outcome, search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const isPreview = run.type === 'preview';
  const changes = useInfiniteQuery({
    ...changesQuery(useApi(), ruleId, run.id, outcome, search === '' ? PAGE_SIZE : SEARCH_PAGE_SIZE),
    refetchInterval: (query) =>
      run.status === 'running' && (query.state.data?.pages.length ?? 0) <= 1 ? LIVE_POLL_MS : false,
  });
  const items = changes.data?.pages.flatMap((page) => page._embedded.changes) ?? [];
  const searched = useSearchedPages({ ...changes, items }, search, textOfChange);
  const title =
    outcome === undefined ? 'Objects' : `Objects: ${outcomeLabel(outcome, isPreview).toLowerCase()}`;
  return (
    <Panel
      title={title}
      actions={
        <SearchBox
          label="Search these objects"
          placeholder="Name, place or reason"
          value={search}
          onSearch={(text) =>
            void navigate({
              replace: true,
              resetScroll: false,
              search: (before) => ({ ...withoutSearch(before), ...(text === '' ? {} : { search: text }) }),
            })
          }
        />
      }
    >
      {changes.data === undefined ? (
        <QueryState query={changes} what="objects" />
      ) : searched.items.length > 0 ? (
        <ChangeTable ruleId={ruleId} changes={searched.items} isPreview={isPreview} />
      ) : searched.searching ? null : (
        <NoChanges ruleId={ruleId} run={run} outcome={outcome} searched={search !== ''} />
      )}
      <SearchNote search={search} searching={searched.searching} searched={items.length} />
      <LoadMore
        shown={searched.items.length}
        count={search === '' ? changes.data?.pages[0]?.count : undefined}
        query={changes}
      />
    </Panel>
  );
}

function withoutSearch<S extends { readonly search?: string }>(search: S): Omit<S, 'search'> {
  const { search: _text, ...rest } = search;
  return rest;
}

function textOfChange(change: Change): readonly (string | undefined)[] {
  return [change.label, change.place, change.sourceKey, change.reason, change.errorCode];
}

function NoChanges(props: {
  readonly ruleId: string;
  readonly run: Run;
  readonly outcome: Outcome | undefined;
  readonly searched: boolean;
}): ReactElement {
  const { ruleId, run, outcome, searched } = props;
  const unchanged = run.counts.unchanged ?? 0;
  if (searched) return <EmptyState title="No object of this run matches the search" />;
  if (run.status === 'running') return <EmptyState title="No object has been decided yet" />;
  if (unchanged > 0 && (outcome === undefined || outcome === 'unchanged'))
    return (
      <EmptyState title={`${countOf(unchanged, 'object')} did not change`}>
        <p>A run writes down what changed. What stayed as it was is among the objects of the rule:</p>
        <TextLink to="/rules/$ruleId/objects" params={{ ruleId }} search={{ status: 'SUCCESS' }}>
          Objects in sync
        </TextLink>
      </EmptyState>
    );
  if (outcome === 'skipped')
    return (
      <EmptyState title="What was skipped before for the same reason is not listed again">
        <TextLink to="/rules/$ruleId/objects" params={{ ruleId }} search={{ status: 'UNSYNCED' }}>
          Objects that are not synced
        </TextLink>
      </EmptyState>
    );
  return <EmptyState title="No object had this outcome" />;
}

function ChangeTable(props: {
  readonly ruleId: string;
  readonly changes: readonly Change[];
  readonly isPreview: boolean;
}): ReactElement {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="2rem">
            <VisuallyHidden>Details</VisuallyHidden>
          </Table.Th>
          <Table.Th w="45%">Object</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>Reason</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.changes.map((change) => (
          // An object may come twice in a run: changed again while it was read.
          <ChangeRows
            key={`${change.objectType} ${change.sourceKey} ${change.place} ${change.at} ${change.outcome}`}
            ruleId={props.ruleId}
            change={change}
            isPreview={props.isPreview}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ChangeRows(props: {
  readonly ruleId: string;
  readonly change: Change;
  readonly isPreview: boolean;
}): ReactElement {
  const { ruleId, change, isPreview } = props;
  const [open, setOpen] = useState(false);
  const userId = useUserOfObject(ruleId)(change);
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td>
          <button
            type="button"
            className={classes.toggle}
            aria-expanded={open}
            aria-label={`What changed in ${change.label}`}
            onClick={() => setOpen(!open)}
          >
            {open ? '▾' : '▸'}
          </button>
        </Table.Td>
        <Table.Td>
          {userId === undefined || change.outcome === 'deleted' || isPreview ? (
            change.label
          ) : (
            <TextLink to="/users/$userId" params={{ userId }}>
              {change.label}
            </TextLink>
          )}
          <Text size="xs" c="dimmed" className={classes.place}>
            {change.objectType === 'group' ? 'Group · ' : ''}
            {change.place}
          </Text>
        </Table.Td>
        <Table.Td>
          <ToneBadge tone={OUTCOME_WORDS[change.outcome].tone}>
            {outcomeLabel(change.outcome, isPreview)}
          </ToneBadge>
        </Table.Td>
        <Table.Td className={classes.place}>
          {change.reason}
          {change.errorCode === undefined ? null : (
            <Text size="xs">
              <code>{change.errorCode}</code>
            </Text>
          )}
        </Table.Td>
      </Table.Tr>
      {open ? (
        <Table.Tr>
          <Table.Td />
          <Table.Td colSpan={3}>
            <AttributeChanges changes={change.changes} />
            <Text size="sm" mt="xs">
              <TextLink
                to="/rules/$ruleId/explain"
                params={{ ruleId }}
                search={{ identifier: change.sourceKey }}
              >
                Explain this object
              </TextLink>
            </Text>
          </Table.Td>
        </Table.Tr>
      ) : null}
    </Fragment>
  );
}
