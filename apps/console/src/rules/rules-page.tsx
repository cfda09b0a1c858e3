import { Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { ruleStatusQuery, rulesQuery } from '../api/rule-queries.ts';
import type { Rule, RuleStatus } from '../api/shapes.ts';
import { EmptyState } from '../elements/empty-state.tsx';
import { LoadMore } from '../elements/load-more.tsx';
import { Moment } from '../elements/moment.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { countOf, formatCount } from '../format/number.ts';
import { addCounts, disjointCounts } from '../objects/disjoint-counts.ts';
import { CountBar } from '../objects/object-counts.tsx';
import { STATUS_ORDER, STATUS_WORDS } from '../objects/status-words.ts';
import { RuleEnds } from './rule-ends.tsx';
import { RUN_STATUS_WORDS, STATE_WORDS } from './state-words.ts';

export function RulesPage(): ReactElement {
  const rules = useInfiniteQuery(rulesQuery(useApi()));
  return (
    <>
      <PageHead
        title="Provisioning rules"
        description="Each rule keeps users and groups of a target in step with a source."
      />
      <Panel>
        {rules.data === undefined ? (
          <QueryState query={rules} what="rules" />
        ) : (
          <RuleTable rules={rules.data.pages.flatMap((page) => page._embedded.rules)} />
        )}
        <LoadMore
          shown={rules.data?.pages.reduce((sum, page) => sum + page.size, 0) ?? 0}
          count={rules.data?.pages[0]?.count}
          query={rules}
        />
      </Panel>
    </>
  );
}

function RuleTable(props: { readonly rules: readonly Rule[] }): ReactElement {
  if (props.rules.length === 0)
    return (
      <EmptyState title="There is no rule yet">
        <p>
          A rule needs a gateway to the directory, a store for each end, and mappings. Write them in one file
          and apply it:
        </p>
        <pre>sallyport apply -f provisioning.yaml</pre>
        <p>
          The same can be done through the <a href="/docs">API</a>. The rule appears here at once and runs
          from the next revision on.
        </p>
      </EmptyState>
    );
  return (
    <Table verticalSpacing="sm" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Rule</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Objects</Table.Th>
          <Table.Th>Last run</Table.Th>
          <Table.Th>Next run</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {props.rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RuleRow({ rule }: { readonly rule: Rule }): ReactElement {
  const status = useQuery(ruleStatusQuery(useApi(), rule.id));
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to="/rules/$ruleId" params={{ ruleId: rule.id }}>
          {rule.name}
        </TextLink>
        <Text size="sm" c="dimmed">
          {status.data === undefined
            ? null
            : status.data.direction === 'INBOUND'
              ? 'Inbound · '
              : 'Outbound · '}
          <RuleEnds rule={rule} />
        </Text>
      </Table.Td>
      {status.data === undefined ? (
        <Table.Td colSpan={4}>
          <QueryState query={status} what={`the status of ${rule.name}`} />
        </Table.Td>
      ) : (
        <StatusCells ruleId={rule.id} status={status.data} />
      )}
    </Table.Tr>
  );
}

function StatusCells(props: { readonly ruleId: string; readonly status: RuleStatus }): ReactElement {
  const { ruleId, status } = props;
  const words = STATE_WORDS[status.state];
  return (
    <>
      <Table.Td>
        <ToneBadge tone={words.tone}>{words.label}</ToneBadge>
        {status.warnings.length === 0 ? null : (
          <Text size="sm" mt={4}>
            <ToneBadge tone="warn">{countOf(status.warnings.length, 'warning')}</ToneBadge>
          </Text>
        )}
        {status.detail === '' ? null : (
          <Text size="xs" c="dimmed" mt={4} maw="18rem" lineClamp={3}>
            {status.detail}
          </Text>
        )}
      </Table.Td>
      <Table.Td miw="14rem">
        <RowCounts ruleId={ruleId} status={status} />
      </Table.Td>
      <Table.Td>
        <LastRun ruleId={ruleId} status={status} />
      </Table.Td>
      <Table.Td>{status.nextRunAt === undefined ? '–' : <Moment at={status.nextRunAt} />}</Table.Td>
    </>
  );
}

/** What is in order as one number, and each exception with a link to its objects. */
function RowCounts(props: { readonly ruleId: string; readonly status: RuleStatus }): ReactElement {
  const { ruleId, status } = props;
  const counts = addCounts(disjointCounts(status.users), disjointCounts(status.groups));
  const shown = STATUS_ORDER.filter((name) => name === 'SUCCESS' || counts[name] > 0);
  return (
    <>
      <CountBar counts={counts} />
      <Text size="sm" mt={4} className="numbers">
        {shown.map((name, index) => (
          <span key={name}>
            {index === 0 ? null : ' · '}
            <TextLink to="/rules/$ruleId/objects" params={{ ruleId }} search={{ status: name }}>
              {`${formatCount(counts[name])} ${STATUS_WORDS[name].label.toLowerCase()}`}
            </TextLink>
          </span>
        ))}
      </Text>
    </>
  );
}

function LastRun(props: { readonly ruleId: string; readonly status: RuleStatus }): ReactElement {
  const run = props.status.lastRun;
  if (run === undefined) return <>never</>;
  return (
    <>
      <TextLink to="/rules/$ruleId/runs/$runId" params={{ ruleId: props.ruleId, runId: run.id }}>
        {RUN_STATUS_WORDS[run.status].label}
      </TextLink>
      <Text size="sm" c="dimmed">
        <Moment at={run.endedAt ?? run.startedAt} />
      </Text>
    </>
  );
}
