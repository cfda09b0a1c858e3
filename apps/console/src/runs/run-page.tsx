import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { ruleQuery } from '../api/rule-queries.ts';
import { runQuery } from '../api/run-queries.ts';
import type { Run } from '../api/shapes.ts';
import { type Fact, Facts } from '../elements/facts.tsx';
import { ExactTime } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount, formatRate } from '../format/number.ts';
import { RUN_STATUS_WORDS, RUN_TYPE_WORDS } from '../rules/state-words.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { HeldList } from './held-removals.tsx';
import { OutcomeCounts } from './outcome-counts.tsx';
import { ProgressBar } from './progress-bar.tsx';

const route = getRouteApi('/rules/$ruleId/runs/$runId');

/** One run: how it went, and what happened to each object. */
export function RunPage(): ReactElement {
  const { ruleId, runId } = route.useParams();
  const { outcome } = route.useSearch();
  const api = useApi();
  const rule = useQuery(ruleQuery(api, ruleId));
  const run = useQuery(runQuery(api, ruleId, runId));
  if (run.data === undefined) return <QueryState query={run} what="the run" />;
  const words = RUN_STATUS_WORDS[run.data.status];
  return (
    <>
      <PageHead
        above={
          <TextLink to="/rules/$ruleId" params={{ ruleId }}>
            {rule.data?.name ?? 'Rule'}
          </TextLink>
        }
        title={RUN_TYPE_WORDS[run.data.type]}
        badge={<ToneBadge tone={words.tone}>{words.label}</ToneBadge>}
        description={run.data.reason}
      />
      {run.data.type === 'preview' ? (
        <Notice tone="info">
          <Text size="sm">
            Nothing of this was written. A preview is kept until the server restarts or a newer one comes.
          </Text>
        </Notice>
      ) : null}
      {run.data.error === undefined || run.data.status === 'held' ? null : (
        <Notice tone="bad" title={words.label}>
          <Text size="sm">
            {run.data.error.message} <code>{run.data.error.code}</code>
          </Text>
        </Notice>
      )}
      {run.data.status === 'held' && run.data.type !== 'preview' ? (
        <HeldList ruleId={ruleId} runId={runId} reason={run.data.error?.message} />
      ) : null}
      <Panel title="Outcomes">
        {run.data.status === 'running' ? <ProgressBar run={run.data} /> : <Facts facts={factsOf(run.data)} />}
        <OutcomeCounts ruleId={ruleId} run={run.data} chosen={outcome} />
      </Panel>
      <ChangesPanel ruleId={ruleId} run={run.data} />
    </>
  );
}

function factsOf(run: Run): readonly Fact[] {
  return [
    { label: 'Started', value: <ExactTime at={run.startedAt} /> },
    ...(run.endedAt === undefined
      ? []
      : [
          {
            label: 'Took',
            value: formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
          },
        ]),
    { label: 'Objects read', value: formatCount(run.read) },
    ...(run.ratePerSecond === undefined ? [] : [{ label: 'Rate', value: formatRate(run.ratePerSecond) }]),
  ];
}
