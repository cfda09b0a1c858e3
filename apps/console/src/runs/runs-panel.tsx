import { Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { IDLE_POLL_MS, LIVE_POLL_MS } from '../api/rule-queries.ts';
import { runsQuery } from '../api/run-queries.ts';
import type { Run } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/number.ts';
import { RUN_STATUS_WORDS, RUN_TYPE_WORDS } from '../rules/state-words.ts';
import { OUTCOME_WORDS, outcomesOf } from './outcome-words.ts';

/** The runs of a rule, newest first. */
export function RunsPanel(props: { readonly ruleId: string; readonly live: boolean }): ReactElement {
  const runs = useInfiniteQuery({
    ...runsQuery(useApi(), props.ruleId),
    refetchInterval: (query) =>
      // Asking again reads every page that was loaded: only the first is worth that every second.
      (query.state.data?.pages.length ?? 0) > 1 ? false : props.live ? LIVE_POLL_MS : IDLE_POLL_MS,
  });
  const items = runs.data?.pages.flatMap((page) => page._embedded.runs);
  return (
    <Panel title="Runs">
      {items === undefined ? (
        <QueryState query={runs} what="runs" />
      ) : items.length === 0 ? (
        <EmptyState title="The rule has not run yet">
          <p>
            It runs by itself once it is active and in a revision. “Preview” shows beforehand what it would
            do.
          </p>
        </EmptyState>
      ) : (
        <RunTable ruleId={props.ruleId} runs={items} />
      )}
      <LoadMore shown={items?.length ?? 0} count={runs.data?.pages[0]?.count} query={runs} />
    </Panel>
  );
}

function RunTable(props: { readonly ruleId: string; readonly runs: readonly Run[] }): ReactElement {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Started</Table.Th>
          <Table.Th>Run</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Took</Table.Th>
          <Table.Th ta="right">Read</Table.Th>
          <Table.Th>What happened</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.runs.map((run) => (
          <RunRow key={run.id} ruleId={props.ruleId} run={run} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RunRow({ ruleId, run }: { readonly ruleId: string; readonly run: Run }): ReactElement {
  const words = RUN_STATUS_WORDS[run.status];
  const told = outcomesOf(run.counts).filter(({ outcome }) => outcome !== 'unchanged');
  return (
    <Table.Tr>
      <Table.Td className="nowrap">
        <Moment at={run.startedAt} />
      </Table.Td>
      <Table.Td>
        <TextLink to="/rules/$ruleId/runs/$runId" params={{ ruleId, runId: run.id }}>
          {RUN_TYPE_WORDS[run.type]}
        </TextLink>
        <Text size="xs" c="dimmed" maw="20rem" lineClamp={2}>
          {run.reason}
        </Text>
      </Table.Td>
      <Table.Td>
        <ToneBadge tone={words.tone}>{words.label}</ToneBadge>
        {run.error === undefined ? null : (
          <Text size="xs" c="dimmed" maw="20rem" lineClamp={2}>
            {run.error.message}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="nowrap">
        {run.endedAt === undefined
          ? '…'
          : formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}
      </Table.Td>
      <Table.Td ta="right">{formatCount(run.read)}</Table.Td>
      <Table.Td>
        {told.length === 0
          ? 'no changes'
          : told.map(({ outcome, count }, index) => (
              <span key={outcome}>
                {index === 0 ? null : ' · '}
                <TextLink
                  to="/rules/$ruleId/runs/$runId"
                  params={{ ruleId, runId: run.id }}
                  search={{ outcome }}
                >
                  {`${formatCount(count)} ${OUTCOME_WORDS[outcome].label.toLowerCase()}`}
                </TextLink>
              </span>
            ))}
      </Table.Td>
    </Table.Tr>
  );
}
