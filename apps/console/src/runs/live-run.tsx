import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useApi } from '../api/api-context.ts';
import { runQuery } from '../api/run-queries.ts';
import { Panel } from '../elements/panel.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { TextLink } from '../elements/text-link.tsx';
import { RUN_TYPE_WORDS } from '../rules/state-words.ts';
import { OutcomeCounts } from './outcome-counts.tsx';
import { ProgressBar } from './progress-bar.tsx';

/** The run that is under way, as it goes. */
export function LiveRun(props: { readonly ruleId: string; readonly runId: string }): ReactElement {
  const { ruleId, runId } = props;
  const run = useQuery(runQuery(useApi(), ruleId, runId));
  return (
    <Panel
      title={run.data === undefined ? 'Run under way' : `${RUN_TYPE_WORDS[run.data.type]} under way`}
      actions={
        <TextLink to="/rules/$ruleId/runs/$runId" params={{ ruleId, runId }}>
          Open the run
        </TextLink>
      }
    >
      {run.data === undefined ? (
        <QueryState query={run} what="the run" />
      ) : (
        <>
          <ProgressBar run={run.data} />
          <OutcomeCounts ruleId={ruleId} run={run.data} />
        </>
      )}
    </Panel>
  );
}
