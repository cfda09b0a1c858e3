import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { ruleQuery, ruleStatusQuery } from '../api/rule-queries.ts';
import type { Counters, Rule, RuleStatus } from '../api/shapes.ts';
import { type Fact, Facts } from '../elements/facts.tsx';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { countOf, formatCount } from '../format/number.ts';
import { disjointCounts } from '../objects/disjoint-counts.ts';
import { ObjectCounts } from '../objects/object-counts.tsx';
import { HeldRemovals } from '../runs/held-removals.tsx';
import { LiveRun } from '../runs/live-run.tsx';
import { RunsPanel } from '../runs/runs-panel.tsx';
import { RuleSettings } from './rule-settings.tsx';
import { DIRECTION_WORDS } from './state-words.ts';

const route = getRouteApi('/rules/$ruleId/');

/** How one rule is doing: what needs a person first, then what goes on, then what it is. */
export function RuleOverview(): ReactElement {
  const { ruleId } = route.useParams();
  const api = useApi();
  const rule = useQuery(ruleQuery(api, ruleId));
  const status = useQuery(ruleStatusQuery(api, ruleId));
  if (status.data === undefined || rule.data === undefined)
    return <QueryState query={status} what="the status of the rule" />;
  return (
    <>
      <Attention status={status.data} />
      <HeldRemovals ruleId={ruleId} status={status.data} />
      {status.data.running === undefined ? null : <LiveRun ruleId={ruleId} runId={status.data.running.id} />}
      <Counts ruleId={ruleId} type="user" counters={status.data.users} />
      {status.data.readsGroups || status.data.groups.impacted > 0 ? (
        <Counts ruleId={ruleId} type="group" counters={status.data.groups} />
      ) : null}
      <RunsPanel ruleId={ruleId} live={status.data.running !== undefined} />
      <Panel title="About this rule">
        <Facts facts={factsOf(rule.data, status.data)} />
      </Panel>
      <RuleSettings rule={rule.data} />
    </>
  );
}

function Attention({ status }: { readonly status: RuleStatus }): ReactElement | null {
  const { state, detail, breaker, warnings } = status;
  const shown = [
    breaker.open ? (
      <Notice key="breaker" tone="bad" title="The rule has stopped asking for a while">
        <Text size="sm">
          {countOf(breaker.failures, 'poll')} failed one after the other
          {breaker.reason === undefined ? '.' : `: ${breaker.reason}`}
        </Text>
        <Text size="sm">
          {breaker.nextTryAt === undefined ? (
            'It tries again by itself'
          ) : (
            <>
              It tries again <Moment at={breaker.nextTryAt} />
            </>
          )}
          ; “Run now” tries at once.
        </Text>
      </Notice>
    ) : null,
    state === 'FAILED' && !breaker.open ? (
      <Notice key="failed" tone="bad" title="The rule has failed">
        <Text size="sm">{detail}</Text>
      </Notice>
    ) : null,
    state === 'WAITING' || state === 'INACTIVE' ? (
      <Notice key="waiting" tone="info">
        <Text size="sm">{detail}</Text>
      </Notice>
    ) : null,
    warnings.length > 0 ? (
      <Notice key="warnings" tone="warn" title={countOf(warnings.length, 'warning')}>
        {warnings.map((warning) => (
          <Text key={warning} size="sm">
            {warning}
          </Text>
        ))}
      </Notice>
    ) : null,
  ].filter((notice) => notice !== null);
  return shown.length === 0 ? null : <Stack gap="sm">{shown}</Stack>;
}

function Counts(props: {
  readonly ruleId: string;
  readonly type: 'user' | 'group';
  readonly counters: Counters;
}): ReactElement {
  const { impacted, success, unsynced, partialSynced, failed } = props.counters;
  return (
    <Panel
      title={props.type === 'user' ? 'User sync summary' : 'Group sync summary'}
      actions={
        <Text size="sm" c="dimmed">
          {countOf(impacted, props.type)} under this rule
        </Text>
      }
    >
      <ObjectCounts ruleId={props.ruleId} type={props.type} counts={disjointCounts(props.counters)} />
      <Text size="xs" c="dimmed" mt="xs" className="numbers">
        As PingOne counts, overlapping: Impacted {formatCount(impacted)} · Success {formatCount(success)} ·
        Unsynced {formatCount(unsynced)} · Partial Synced {formatCount(partialSynced)} · Failed{' '}
        {formatCount(failed)}
      </Text>
    </Panel>
  );
}

function factsOf(rule: Rule, status: RuleStatus): readonly Fact[] {
  return [
    { label: 'Direction', value: DIRECTION_WORDS[status.direction] },
    ...(status.strategy === undefined
      ? []
      : [
          {
            label: 'How changes are read',
            value: (
              <>
                {status.strategy}
                {status.strategyReason === undefined ? null : (
                  <Text size="sm" c="dimmed">
                    {status.strategyReason}
                  </Text>
                )}
              </>
            ),
          },
        ]),
    {
      label: 'Learns of changes',
      value: status.push ? 'at once: the source says when something changed' : 'by asking at intervals',
    },
    {
      label: 'Last sync',
      value: status.lastSyncAt === undefined ? 'never' : <Moment at={status.lastSyncAt} />,
    },
    {
      label: 'Next run',
      value: status.nextRunAt === undefined ? 'not planned' : <Moment at={status.nextRunAt} />,
    },
    ...(status.lastPollAt === undefined
      ? []
      : [{ label: 'Last asked for changes', value: <Moment at={status.lastPollAt} /> }]),
    ...(status.nextFullRunAt === undefined
      ? []
      : [{ label: 'Next full run', value: <Moment at={status.nextFullRunAt} /> }]),
    ...(status.queued.length === 0 ? [] : [{ label: 'Waiting to run', value: status.queued.join(', ') }]),
    ...(rule.description === undefined ? [] : [{ label: 'Description', value: rule.description }]),
    { label: 'Id', value: <code>{rule.id}</code> },
  ];
}
