import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Outcome, Run } from '../api/shapes.ts';
import { ToneBadge } from '../elements/tone-badge.tsx';
import { formatCount } from '../format/number.ts';
import classes from './outcome-counts.module.css';
import { OUTCOME_WORDS, outcomeLabel, outcomesOf } from './outcome-words.ts';

/** How often each outcome came in a run; each number opens its objects. */
export function OutcomeCounts(props: {
  readonly ruleId: string;
  readonly run: Run;
  readonly chosen?: Outcome | undefined;
}): ReactElement {
  const { ruleId, run, chosen } = props;
  const outcomes = outcomesOf(run.counts);
  if (outcomes.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="sm">
        {run.status === 'running' ? 'Nothing has been decided yet.' : 'There was nothing to do.'}
      </Text>
    );
  return (
    <ul className={classes.list}>
      {outcomes.map(({ outcome, count }) => (
        <li key={outcome}>
          <Link
            to="/rules/$ruleId/runs/$runId"
            params={{ ruleId, runId: run.id }}
            // A second click on the chosen one shows all again.
            search={chosen === outcome ? {} : { outcome }}
            className={classes.count}
            data-chosen={chosen === outcome}
            aria-current={chosen === outcome ? 'true' : undefined}
            resetScroll={false}
          >
            <span className={classes.number}>{formatCount(count)}</span>{' '}
            <ToneBadge tone={OUTCOME_WORDS[outcome].tone}>
              {outcomeLabel(outcome, run.type === 'preview')}
            </ToneBadge>
          </Link>
        </li>
      ))}
    </ul>
  );
}
